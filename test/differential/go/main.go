// Asks crypto/x509, line by line: a question is host, time in ms, anchors, chain (base64 DER joined by commas),
// separated by tabs; an answer is "ok", "refused" or "unparsable" with the error's text.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

func certificates(list string) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	if list == "" {
		return found, nil
	}
	for _, each := range strings.Split(list, ",") {
		der, err := base64.StdEncoding.DecodeString(each)
		if err != nil {
			return nil, err
		}
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return found, err
		}
		found = append(found, certificate)
	}
	return found, nil
}

func answer(question []string) string {
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for _, each := range strings.Split(question[2], ",") {
		if parsed, err := certificates(each); err == nil && len(parsed) == 1 {
			roots.AddCert(parsed[0])
		}
	}
	chain, err := certificates(question[3])
	if err != nil {
		return "unparsable\t" + strconv.Quote(err.Error())
	}
	for _, each := range chain[1:] {
		intermediates.AddCert(each)
	}
	at, _ := strconv.ParseInt(question[1], 10, 64)
	_, err = chain[0].Verify(x509.VerifyOptions{
		DNSName:       question[0],
		Roots:         roots,
		Intermediates: intermediates,
		CurrentTime:   time.UnixMilli(at).UTC(),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return "refused\t" + strconv.Quote(err.Error())
	}
	return "ok"
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "ready", runtime.Version())
	out.Flush()
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			break
		}
		fmt.Fprintln(out, answer(strings.Split(strings.TrimSuffix(line, "\n"), "\t")))
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
	out.Flush()
}
