package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	ext_proc "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	envoy_type "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The processor is called at two places of Envoy, as Envoy AI Gateway v1.1.0 places its own
// (internal/extensionserver/post_translate_modify.go): by a filter of the listener, and by one of each cluster. What it
// does at each is in listener.go and cluster.go, from internal/extproc/server.go and processor_impl.go. It leaves out
// Anthropic's API, translations between APIs, compressed answers, credentials of backends, metrics and traces.

const (
	modelHeader        = "x-ai-eg-model"
	pathHeader         = "x-ai-eg-original-path"
	requestHeader      = "x-ai-eg-internal-req-id"
	envoyPathHeader    = "x-envoy-original-path"
	backendAttribute   = "xds.upstream_host_metadata.filter_metadata['aigateway.envoy.io']['per_route_rule_backend_name']"
	attributeNamespace = "envoy.filters.http.ext_proc"
)

type (
	message = ext_proc.ProcessingRequest
	reply   = ext_proc.ProcessingResponse
)

type server struct {
	ext_proc.UnimplementedExternalProcessorServer
	config config
	mutex  sync.Mutex
	// exchanges are those that run, so that the filter of a cluster finds what the one of the listener read.
	exchanges map[string]*exchange
}

// exchange is a request and its answer.
type exchange struct {
	path string
	request
	// backend is empty until Envoy has chosen an endpoint. Without one, Envoy itself answers.
	backend  string
	status   string
	isJSON   bool
	answered usage
}

func newServer(configured config) *server {
	return &server{config: configured, exchanges: map[string]*exchange{}}
}

// Process answers the messages about one request, of one of the two filters.
func (s *server) Process(stream ext_proc.ExternalProcessor_ProcessServer) error {
	// Envoy can answer before the request comes to the processor. Then the messages begin with the answer's.
	known, id := &exchange{}, ""
	defer func() { s.forget(id) }()
	for {
		asked, err := stream.Recv()
		if errors.Is(err, io.EOF) || status.Code(err) == codes.Canceled {
			return nil
		}
		if err != nil {
			return err
		}
		var said *reply
		if asked.GetRequestHeaders() != nil && asked.GetAttributes() == nil {
			known, id, said = s.begin(headersOf(asked.GetRequestHeaders()))
		} else if asked.GetRequestHeaders() != nil {
			said, err = s.toBackend(asked)
		} else {
			said, err = s.next(known, asked)
		}
		if err != nil {
			return err
		}
		if err := stream.Send(said); err != nil {
			return err
		}
	}
}

func (s *server) remember(id string, known *exchange) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.exchanges[id] = known
}

func (s *server) find(id string) *exchange {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.exchanges[id]
}

func (s *server) forget(id string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.exchanges, id)
}

func newID(request string) string {
	return request + "-" + rand.Text()
}

func headersOf(given *ext_proc.HttpHeaders) map[string]string {
	found := map[string]string{}
	for _, each := range given.GetHeaders().GetHeaders() {
		value := each.GetValue()
		if len(each.GetRawValue()) > 0 {
			value = string(each.GetRawValue())
		}
		found[each.GetKey()] = value
	}
	return found
}

func header(name, value string) *core.HeaderValueOption {
	return &core.HeaderValueOption{
		AppendAction: core.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD,
		Header:       &core.HeaderValue{Key: name, RawValue: []byte(value)},
	}
}

// immediate is an answer of the processor itself.
func immediate(code envoy_type.StatusCode, kind string, body []byte) *reply {
	return &reply{Response: &ext_proc.ProcessingResponse_ImmediateResponse{
		ImmediateResponse: &ext_proc.ImmediateResponse{
			Status:  &envoy_type.HttpStatus{Code: code},
			Headers: &ext_proc.HeaderMutation{SetHeaders: []*core.HeaderValueOption{header("content-type", kind)}},
			Body:    body,
		},
	}}
}

// failure is an error in the form of the OpenAI API.
func failure(kind, code, text string) []byte {
	body, _ := json.Marshal(map[string]any{
		"type": "error", "error": map[string]string{"type": kind, "code": code, "message": text},
	})
	return body
}

func plainPath(headers map[string]string) string {
	path, _, _ := strings.Cut(headers[":path"], "?")
	return path
}
