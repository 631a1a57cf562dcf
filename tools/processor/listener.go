package main

import (
	"encoding/json"
	"strings"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	filter "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/ext_proc/v3"
	ext_proc "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	envoy_type "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
)

const metadataNamespace = "io.envoy.ai_gateway"

// begin answers the headers of a request. It returns what it knows of the request, and its name in s.exchanges.
func (s *server) begin(headers map[string]string) (*exchange, string, *reply) {
	path := plainPath(headers)
	if path == modelsPath {
		listed, _ := json.Marshal(map[string]any{"object": "list", "data": s.config.Models})
		return &exchange{}, "", immediate(envoy_type.StatusCode_OK, "application/json", listed)
	}
	if _, known := upstreamPaths[path]; !known {
		text := []byte("unsupported path: " + path)
		return &exchange{}, "", immediate(envoy_type.StatusCode_NotFound, "text/plain", text)
	}
	known, id := &exchange{path: path}, newID(headers["x-request-id"])
	s.remember(id, known)
	set := []*core.HeaderValueOption{header(requestHeader, id)}
	return known, id, &reply{Response: &ext_proc.ProcessingResponse_RequestHeaders{
		RequestHeaders: &ext_proc.HeadersResponse{
			Response: &ext_proc.CommonResponse{HeaderMutation: &ext_proc.HeaderMutation{SetHeaders: set}},
		},
	}}
}

// next answers the other messages of the listener's filter.
func (s *server) next(known *exchange, asked *message) (*reply, error) {
	switch found := asked.Request.(type) {
	case *ext_proc.ProcessingRequest_RequestBody:
		return s.route(known, found.RequestBody.GetBody()), nil
	case *ext_proc.ProcessingRequest_ResponseHeaders:
		return answerBegins(known, headersOf(found.ResponseHeaders)), nil
	case *ext_proc.ProcessingRequest_ResponseBody:
		return s.answer(known, found.ResponseBody)
	default:
		return nil, status.Errorf(codes.Unknown, "unknown kind of message: %T", found)
	}
}

// route sets the header by which routes are chosen, and lets Envoy choose the route again.
func (s *server) route(known *exchange, body []byte) *reply {
	found, wrong := parse(known.path, body, len(s.config.Costs) > 0)
	if wrong != "" {
		return immediate(
			envoy_type.StatusCode_BadRequest, "application/json", failure("BadRequest", "400", wrong),
		)
	}
	known.request = found
	set := []*core.HeaderValueOption{
		header(modelHeader, found.model), header(pathHeader, known.path), header(envoyPathHeader, known.path),
	}
	return &reply{Response: &ext_proc.ProcessingResponse_RequestBody{
		RequestBody: &ext_proc.BodyResponse{
			Response: &ext_proc.CommonResponse{
				HeaderMutation:  &ext_proc.HeaderMutation{SetHeaders: set},
				ClearRouteCache: true,
			},
		},
	}}
}

// answerBegins lets a stream pass in parts. Envoy holds every other answer until it is whole.
func answerBegins(known *exchange, headers map[string]string) *reply {
	known.status = headers[":status"]
	known.isJSON = strings.Contains(headers["content-type"], "application/json")
	said := &reply{Response: &ext_proc.ProcessingResponse_ResponseHeaders{ResponseHeaders: &ext_proc.HeadersResponse{}}}
	if known.backend != "" && known.streamed && known.status == "200" {
		said.ModeOverride = &filter.ProcessingMode{ResponseBodyMode: filter.ProcessingMode_STREAMED}
		said.GetResponseHeaders().Response = &ext_proc.CommonResponse{
			HeaderMutation: &ext_proc.HeaderMutation{RemoveHeaders: []string{"content-length"}},
		}
	}
	return said
}

// answer reads the tokens of an answer, and puts them into the metadata at its end.
func (s *server) answer(known *exchange, body *ext_proc.HttpBody) (*reply, error) {
	found := &ext_proc.BodyResponse{}
	said := &reply{Response: &ext_proc.ProcessingResponse_ResponseBody{ResponseBody: found}}
	if known.backend == "" {
		return said, nil
	}
	if !strings.HasPrefix(known.status, "2") {
		found.Response = refusal(known, body.GetBody())
		return said, nil
	}
	if known.streamed {
		known.answered.part(body.GetBody())
	} else {
		known.answered.whole(body.GetBody())
	}
	if body.GetEndOfStream() && len(s.config.Costs) > 0 {
		fields := map[string]any{"model_name_override": known.model}
		for _, each := range s.config.Costs {
			fields[each.MetadataKey] = known.answered.total
		}
		metadata, err := structpb.NewStruct(map[string]any{metadataNamespace: fields})
		if err != nil {
			return nil, err
		}
		said.DynamicMetadata = metadata
	}
	return said, nil
}

// refusal gives an error of a backend the form of the OpenAI API, if it is not JSON.
func refusal(known *exchange, body []byte) *ext_proc.CommonResponse {
	if known.isJSON {
		return nil
	}
	text := failure("OpenAIBackendError", known.status, string(body))
	return changed(text, header("content-type", "application/json"))
}
