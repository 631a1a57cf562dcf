// A processor for Envoy that does what the one of Envoy AI Gateway v1.1.0 does in the models' path. See server.go.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"math"
	"net"
	"os"
	"os/signal"
	"syscall"

	ext_proc "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc"
)

// config is what AI Gateway's controller gives its processor, as far as the path needs it.
type config struct {
	// Models that /v1/models lists.
	Models []model `json:"models"`
	// Costs are the keys of the metadata that get an answer's tokens (llmRequestCosts of a route).
	Costs []cost `json:"costs"`
	// Backends by their name in the metadata of an endpoint.
	Backends map[string]backend `json:"backends"`
}

type model struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Created int64  `json:"created"`
	OwnedBy string `json:"owned_by"`
}

type cost struct {
	MetadataKey string `json:"metadataKey"`
	Type        string `json:"type"`
}

type backend struct {
	// Set are the fields of a request that get a value (bodyMutation of a route's backend).
	Set []field `json:"set"`
}

type field struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

func read(file string) (config, error) {
	var found config
	content, err := os.ReadFile(file)
	if err != nil {
		return found, err
	}
	if err := json.Unmarshal(content, &found); err != nil {
		return found, err
	}
	for _, each := range found.Costs {
		if each.Type != "TotalToken" {
			return found, fmt.Errorf("cost %s has type %s; only TotalToken is known", each.MetadataKey, each.Type)
		}
	}
	return found, nil
}

func run() error {
	socket := flag.String("socket", "", "path of the socket for Envoy")
	file := flag.String("config", "", "path of the configuration, in JSON")
	flag.Parse()
	configured, err := read(*file)
	if err != nil {
		return fmt.Errorf("-config: %w", err)
	}
	listener, err := net.Listen("unix", *socket)
	if err != nil {
		return fmt.Errorf("-socket: %w", err)
	}
	// Envoy's own limit bounds a message.
	served := grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt))
	ext_proc.RegisterExternalProcessorServer(served, newServer(configured))
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-asked
		served.GracefulStop()
	}()
	log.Printf("serves %d models", len(configured.Models))
	return served.Serve(listener)
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
