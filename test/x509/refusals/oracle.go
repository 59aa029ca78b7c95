// Reads base64 lines; answers "ok", or what x509.ParseCertificate says.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		der, err := base64.StdEncoding.DecodeString(in.Text())
		if err == nil {
			_, err = x509.ParseCertificate(der)
		}
		if err != nil {
			fmt.Fprintln(out, "refused\t"+strings.ReplaceAll(err.Error(), "\n", "\\n"))
		} else {
			fmt.Fprintln(out, "ok")
		}
	}
}
