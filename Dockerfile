# The static binary and the licences. It brings its certificate authorities and needs no shell, no libc and no home.
#
#   docker build -t greenlight .
#   docker run --rm -v "$PWD:/work" -e XAI_API_KEY --user "$(id -u):$(id -g)" greenlight check

FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /src
COPY . .
RUN cargo build --locked --release --bin greenlight && mkdir /empty

FROM rust:1.95-alpine AS notices
RUN apk add --no-cache musl-dev && cargo install --locked --quiet cargo-about@0.9.3 --features cli
WORKDIR /src
COPY . .
RUN cargo about generate --locked --fail --output-file LICENSES-THIRD-PARTY about.hbs

FROM scratch
COPY --from=build /src/target/release/greenlight /usr/bin/greenlight
COPY --from=notices /src/LICENSE-MIT /src/LICENSE-APACHE /src/LICENSES-THIRD-PARTY /usr/share/doc/greenlight/
# Somewhere to unpack and to work, for any user.
COPY --from=build --chmod=1777 /empty /tmp
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/bin/greenlight"]
CMD ["--help"]
