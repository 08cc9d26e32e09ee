# An image with only the program. A release publishes it as ghcr.io/wp502lint/wp502lint,
# with the programs of the archives instead of the stage "build" (.ci/image). Another
# commit can be built:
#
#   docker build -t wp502lint https://github.com/wp502lint/wp502lint.git#v0.2.0
#   docker run --rm -v "$PWD:/src:ro" wp502lint
#
# It runs as an unprivileged account, so it needs files that are readable for all;
# --user gives it another account.
FROM golang:1.26.8-bookworm@sha256:a688600ca24f8a4d3ca77f95b0dd40704a9fc787c826660eb7ba0b641b8b175d AS build
WORKDIR /build
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -tags urfave_cli_no_docs -ldflags="-s -w" -o /wp502lint ./cmd/wp502lint

FROM scratch
COPY --from=build /wp502lint /wp502lint
COPY --from=build /build/LICENSE /LICENSE
WORKDIR /src
USER 65532:65532
ENTRYPOINT ["/wp502lint"]
