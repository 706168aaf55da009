package main

import (
	"io"
	"log/slog"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// encoded says whether payloads are something else than what the values make of them.
func encoded() bool { return os.Getenv("INTEROP_KEY") != "" || os.Getenv("INTEROP_ZLIB") != "" }

// clientOptions are as INTEROP_KEY, INTEROP_ZLIB and INTEROP_FOLDER say; cpp_side.hpp has the same.
func clientOptions() client.Options {
	data := converter.GetDefaultDataConverter()
	var codecs []converter.PayloadCodec // the last one encodes first
	if key := os.Getenv("INTEROP_KEY"); key != "" {
		codecs = append(codecs, newEncryption([]byte(key)))
	}
	if os.Getenv("INTEROP_ZLIB") != "" {
		codecs = append(codecs, converter.NewZlibCodec(converter.ZlibCodecOptions{AlwaysEncode: true}))
	}
	if len(codecs) > 0 {
		data = converter.NewCodecDataConverter(data, codecs...)
	}
	options := client.Options{
		HostPort:      os.Getenv("HOURGLASS_TEST_ADDRESS"),
		DataConverter: data,
		FailureConverter: temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
			DataConverter:          data,
			EncodeCommonAttributes: os.Getenv("INTEROP_KEY") != "",
		}),
		ContextPropagators: []workflow.ContextPropagator{tenantPropagator{}},
		Logger:             log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	}
	if folder := os.Getenv("INTEROP_FOLDER"); folder != "" {
		options.ExternalStorage = converter.ExternalStorage{
			Drivers:              []converter.StorageDriver{files{folder}},
			PayloadSizeThreshold: 100,
		}
	}
	return options
}
