package main

import (
	"bytes"
	"strings"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// upstreamPaths has the paths of requests, and where they go. Source of the paths: cmd/extproc/mainlib/main.go. Paths of
// audio, images, tokens and of Anthropic's API are left out: the gateway's script refuses them before.
var upstreamPaths = map[string]string{
	"/v1/chat/completions": "/v1/chat/completions",
	"/v1/completions":      "/v1/completions",
	"/v1/embeddings":       "/v1/embeddings",
	"/v1/responses":        "/v1/responses",
	"/cohere/v2/rerank":    "/v2/rerank",
}

const modelsPath = "/v1/models"

// request is what the processor knows of a request's body.
type request struct {
	model    string
	streamed bool
	body     []byte
	// changed says that the engine gets another body than the client sent.
	changed bool
}

// parse reads the body of a request. It returns what is wrong with it, or an empty string.
func parse(path string, body []byte, costs bool) (request, string) {
	found := request{body: body}
	if !gjson.ValidBytes(body) || !gjson.ParseBytes(body).IsObject() {
		return found, "malformed request: failed to parse JSON for " + path
	}
	named := gjson.GetBytes(body, "model")
	if named.Exists() && named.Type != gjson.String {
		return found, "malformed request: failed to parse JSON for " + path
	}
	found.model = named.String()
	found.streamed = path != "/v1/embeddings" && gjson.GetBytes(body, "stream").Bool()
	asks := gjson.GetBytes(body, "stream_options.include_usage").Bool()
	// Only for chats, as in internal/endpointspec: a stream without its usage would not be counted.
	if path == "/v1/chat/completions" && found.streamed && costs && !asks {
		changed, err := sjson.SetBytes(body, "stream_options.include_usage", true)
		if err != nil {
			return found, "malformed request: failed to set stream_options.include_usage"
		}
		found.body, found.changed = changed, true
	}
	return found, ""
}

// with sets the fields of a backend. A value that is JSON is set as it is.
func with(body []byte, fields []field) ([]byte, error) {
	var err error
	for _, each := range fields {
		if gjson.Valid(each.Value) {
			body, err = sjson.SetRawBytes(body, each.Path, []byte(each.Value))
		} else {
			body, err = sjson.SetBytes(body, each.Path, each.Value)
		}
		if err != nil {
			return nil, err
		}
	}
	return body, nil
}

// usage finds the tokens of an answer. The engine reports them all at its end, and some engines before it too.
type usage struct {
	total float64
	// rest is the beginning of a line of a stream.
	rest []byte
}

// whole reads an answer in one piece.
func (u *usage) whole(body []byte) {
	u.take(gjson.ParseBytes(body))
}

// part reads the next part of a stream of events.
func (u *usage) part(body []byte) {
	u.rest = append(u.rest, body...)
	for {
		line, rest, found := bytes.Cut(u.rest, []byte("\n"))
		if !found {
			return
		}
		u.rest = rest
		if data, is := strings.CutPrefix(string(line), "data:"); is {
			if event := strings.TrimSpace(data); gjson.Valid(event) {
				u.take(gjson.Parse(event))
			}
		}
	}
}

// take reads an answer, an event, or the event of /v1/responses that has the whole answer in it.
func (u *usage) take(found gjson.Result) {
	for _, path := range []string{"usage.total_tokens", "response.usage.total_tokens"} {
		if total := found.Get(path); total.Exists() {
			u.total = total.Float()
		}
	}
	// Cohere's API has no total.
	if tokens := found.Get("meta.tokens"); tokens.Exists() {
		u.total = tokens.Get("input_tokens").Float() + tokens.Get("output_tokens").Float()
	}
}
