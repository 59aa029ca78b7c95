// Makes a handshake with each port and prints a line for it: arguments are the CA's file and ports.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

func main() {
	pem, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	for _, port := range os.Args[2:] {
		connection, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{RootCAs: pool, ServerName: "localhost"})
		if err != nil {
			fmt.Println(port, "failed", err)
			continue
		}
		fmt.Println(port, "ok")
		connection.Close()
	}
}
