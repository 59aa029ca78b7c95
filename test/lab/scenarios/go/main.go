// Connects as programs written in Go do. A question is a line: port, host, PEM file of anchors, PEM files of the
// client's certificate and key or nothing, separated by tabs. The answer is "accepted", or "refused" and the error's
// words as a literal of Go.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"time"
)

func main() {
	fmt.Println("ready " + runtime.Version())
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if err := connect(strings.Split(lines.Text(), "\t")); err != nil {
			fmt.Printf("refused\t%q\n", err.Error())
		} else {
			fmt.Println("accepted")
		}
	}
}

func connect(words []string) error {
	pem, err := os.ReadFile(words[2])
	if err != nil {
		return err
	}
	anchors := x509.NewCertPool()
	anchors.AppendCertsFromPEM(pem)
	config := &tls.Config{ServerName: words[1], RootCAs: anchors}
	if words[3] != "" {
		own, err := tls.LoadX509KeyPair(words[3], words[4])
		if err != nil {
			return err
		}
		config.Certificates = []tls.Certificate{own}
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second}
	connection, err := tls.DialWithDialer(dialer, "tcp", "127.0.0.1:"+words[0], config)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := connection.Write([]byte("hello\n")); err != nil {
		return err
	}
	// a server that closes without a word has accepted: a refusal is an alert
	if _, err = connection.Read(make([]byte, 16)); errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
