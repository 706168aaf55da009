package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

// files has the layout of hourglass::file_storage.
type files struct{ folder string }

func (files) Name() string { return "hourglass.file" }
func (files) Type() string { return "file" }

func (f files) place(hash string) string { return filepath.Join(f.folder, hash[:2], hash) }

func (f files) Store(_ converter.StorageDriverStoreContext, payloads []*commonpb.Payload) ([]converter.StorageDriverClaim, error) {
	claims := make([]converter.StorageDriverClaim, len(payloads))
	for index, payload := range payloads {
		data, err := proto.MarshalOptions{Deterministic: true}.Marshal(payload)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(data)
		hash := hex.EncodeToString(sum[:])
		if err := write(f.place(hash), data); err != nil {
			return nil, err
		}
		claims[index] = converter.StorageDriverClaim{ClaimData: map[string]string{"sha256": hash}}
	}
	return claims, nil
}

// write is all or nothing: the other side may read the same file while it is stored a second time.
func write(place string, data []byte) error {
	folder := filepath.Dir(place)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, "new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), place)
}

func (f files) Retrieve(_ converter.StorageDriverRetrieveContext, claims []converter.StorageDriverClaim) ([]*commonpb.Payload, error) {
	payloads := make([]*commonpb.Payload, len(claims))
	for index, claim := range claims {
		data, err := os.ReadFile(f.place(claim.ClaimData["sha256"]))
		if err != nil {
			return nil, err
		}
		payloads[index] = &commonpb.Payload{}
		if err := proto.Unmarshal(data, payloads[index]); err != nil {
			return nil, err
		}
	}
	return payloads, nil
}
