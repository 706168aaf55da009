//go:build programs

// Package programs names what scripts/setup --checks builds, so that go.mod and go.sum pin all of it.
package programs

import _ "github.com/zegl/kube-score/cmd/kube-score"
