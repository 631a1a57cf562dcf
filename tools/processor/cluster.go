package main

import (
	"strconv"

	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	ext_proc "github.com/envoyproxy/go-control-plane/envoy/service/ext_proc/v3"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"
)

// toBackend answers the headers of a request when Envoy has chosen its endpoint.
func (s *server) toBackend(asked *message) (*reply, error) {
	known := s.find(headersOf(asked.GetRequestHeaders())[requestHeader])
	if known == nil {
		return nil, status.Error(codes.Internal, "the request did not pass the filter of the listener")
	}
	attributes := asked.GetAttributes()[attributeNamespace].GetFields()
	name := attributes[backendAttribute].GetStringValue()
	chosen, exists := s.config.Backends[name]
	if !exists {
		return nil, status.Errorf(codes.Internal, "unknown backend %q", name)
	}
	known.backend = name
	metadata := map[string]any{"backend_name": name}
	response := &ext_proc.CommonResponse{HeaderMutation: &ext_proc.HeaderMutation{}}
	if known.changed || len(chosen.Set) > 0 {
		body, err := with(known.body, chosen.Set)
		if err != nil {
			return nil, status.Error(codes.Internal, "a field of the backend cannot be set")
		}
		response = changed(body)
		response.Status = ext_proc.CommonResponse_CONTINUE_AND_REPLACE
		// Envoy removes the header when a body is replaced here. A filter behind this one sets it again.
		metadata["content_length"] = float64(len(body))
	}
	mutation := response.HeaderMutation
	mutation.SetHeaders = append(mutation.SetHeaders, header(":path", upstreamPaths[known.path]))
	noted, err := structpb.NewStruct(map[string]any{metadataNamespace: metadata})
	if err != nil {
		return nil, err
	}
	return &reply{
		Response: &ext_proc.ProcessingResponse_RequestHeaders{
			RequestHeaders: &ext_proc.HeadersResponse{Response: response},
		},
		DynamicMetadata: noted,
	}, nil
}

// changed is another body, with its length and further headers.
func changed(body []byte, more ...*core.HeaderValueOption) *ext_proc.CommonResponse {
	set := append(more, header("content-length", strconv.Itoa(len(body))))
	return &ext_proc.CommonResponse{
		HeaderMutation: &ext_proc.HeaderMutation{SetHeaders: set},
		BodyMutation:   &ext_proc.BodyMutation{Mutation: &ext_proc.BodyMutation_Body{Body: body}},
	}
}
