package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/proto"
)

// encryption writes the format that encryption samples agree on: nonce, ciphertext and tag of the whole payload.
type encryption struct{ cipher cipher.AEAD }

func newEncryption(key []byte) encryption {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key is run.py's
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return encryption{gcm}
}

func (e encryption) Encode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	sealed := make([]*commonpb.Payload, len(payloads))
	for index, payload := range payloads {
		plain, err := proto.Marshal(payload)
		if err != nil {
			return nil, err
		}
		nonce := make([]byte, e.cipher.NonceSize())
		if _, err := rand.Read(nonce); err != nil {
			return nil, err
		}
		sealed[index] = &commonpb.Payload{
			Metadata: map[string][]byte{
				converter.MetadataEncoding: []byte("binary/encrypted"),
				"encryption-key-id":        []byte("interop"),
			},
			Data: e.cipher.Seal(nonce, nonce, plain, nil),
		}
	}
	return sealed, nil
}

func (e encryption) Decode(payloads []*commonpb.Payload) ([]*commonpb.Payload, error) {
	opened := make([]*commonpb.Payload, len(payloads))
	for index, payload := range payloads {
		// All that comes from the other side is encrypted: what is not would be a mistake there.
		if encoding := string(payload.Metadata[converter.MetadataEncoding]); encoding != "binary/encrypted" {
			return nil, fmt.Errorf("a payload came as %q, wanted it encrypted", encoding)
		}
		size := e.cipher.NonceSize()
		plain, err := e.cipher.Open(nil, payload.Data[:size], payload.Data[size:], nil)
		if err != nil {
			return nil, err
		}
		opened[index] = &commonpb.Payload{}
		if err := proto.Unmarshal(plain, opened[index]); err != nil {
			return nil, err
		}
	}
	return opened, nil
}
