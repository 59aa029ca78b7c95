// Sends the hello of crypto/tls with its default configuration: arguments are port and server name.
package main

import (
	"crypto/tls"
	"os"
)

func main() {
	connection, err := tls.Dial("tcp", "127.0.0.1:"+os.Args[1], &tls.Config{ServerName: os.Args[2]})
	if err == nil {
		connection.Close()
	}
}
