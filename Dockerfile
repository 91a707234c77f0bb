# Images of relplan. The default one holds the static binary and nothing else:
#
#     docker build --tag relplan .
#     docker run --rm --volume "$PWD:/plan:ro" relplan check
#
# The one for CI jobs has a shell, git (for `--base` and the age of commits) and ssh-keygen (for signatures):
#
#     docker build --tag relplan:ci --target ci .
FROM rust:1.95-alpine AS build
# hadolint ignore=DL3018
RUN apk add --no-cache musl-dev
WORKDIR /source
COPY . .
RUN cargo build --locked --profile dist

FROM alpine:3.22 AS ci
# hadolint ignore=DL3018
RUN apk add --no-cache git openssh-keygen \
  && git config --system --add safe.directory '*' \
  && adduser -D -u 65532 relplan
COPY --from=build /source/target/dist/relplan /usr/local/bin/relplan
USER 65532:65532
WORKDIR /plan

FROM scratch
COPY --from=build /source/target/dist/relplan /relplan
USER 65532:65532
WORKDIR /plan
ENTRYPOINT ["/relplan"]
