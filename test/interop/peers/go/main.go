// TLS servers of crypto/tls on loopback. First argument: PEM of the clients' authority. Then, for each
// server, a name, none|optional|required, a PEM chain and a PEM key. Prints suites, ports, and what became
// of every connection.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
)

var modes = map[string]tls.ClientAuthType{
	"none":     tls.NoClientCert,
	"optional": tls.VerifyClientCertIfGiven,
	"required": tls.RequireAndVerifyClientCert,
}

var versions = map[uint16]string{
	tls.VersionTLS10: "TLSv1.0",
	tls.VersionTLS11: "TLSv1.1",
	tls.VersionTLS12: "TLSv1.2",
	tls.VersionTLS13: "TLSv1.3",
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func serve(listener net.Listener, name string, config *tls.Config) {
	for {
		raw, err := listener.Accept()
		must(err)
		connection := tls.Server(raw, config)
		if err := connection.Handshake(); err != nil {
			fmt.Printf("REFUSED %s %v\n", name, err)
			raw.Close()
			continue
		}
		state := connection.ConnectionState()
		client := "-"
		if len(state.PeerCertificates) > 0 {
			client = state.PeerCertificates[0].Subject.String()
		}
		suite := tls.CipherSuiteName(state.CipherSuite)
		fmt.Printf("ACCEPTED %s %s %s %s\n", name, versions[state.Version], suite, client)
		connection.Read(make([]byte, 1))
		connection.Close()
	}
}

func main() {
	authority, err := os.ReadFile(os.Args[1])
	must(err)
	anchors := x509.NewCertPool()
	anchors.AppendCertsFromPEM(authority)
	var suites []uint16
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		suites = append(suites, suite.ID)
		fmt.Println("SUITE", suite.Name)
	}
	for at := 2; at < len(os.Args); at += 4 {
		name, mode := os.Args[at], os.Args[at+1]
		pair, err := tls.LoadX509KeyPair(os.Args[at+2], os.Args[at+3])
		must(err)
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		must(err)
		fmt.Println("PORT", name, listener.Addr().(*net.TCPAddr).Port)
		go serve(listener, name, &tls.Config{
			Certificates:     []tls.Certificate{pair},
			ClientAuth:       modes[mode],
			ClientCAs:        anchors,
			MinVersion:       tls.VersionTLS10,
			CipherSuites:     suites,
			CurvePreferences: []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384, tls.CurveP521},
		})
	}
	fmt.Println("READY")
	select {}
}
