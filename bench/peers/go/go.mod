module hourglass/bench/peer

go 1.26

require go.temporal.io/sdk v1.48.0
