//go:build programs

// Package programs names what scripts/setup --cluster builds, so that go.mod and go.sum pin all of it.
package programs

import (
	_ "go.temporal.io/server/cmd/server"
	_ "go.temporal.io/server/cmd/tools/sql"
)
