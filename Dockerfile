# Images of the node and of the operator: one static program each, on nothing.
#
#   docker build --target klamm .                    built from source
#   docker build --target klamm-operator .
#   docker build --target klamm-prebuilt .           from dist/klamm and dist/klamm-operator, which must be static:
#   docker build --target klamm-operator-prebuilt .  see docs/operator.md

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends build-essential cmake perl && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
ENV RUSTFLAGS="-C target-feature=+crt-static"
# With a target named, the flags do not reach build scripts and macros, which cannot be static.
RUN target="$(rustc -vV | sed -n 's/^host: //p')" \
    && cargo build --release --locked --target "$target" --package klamm --package klamm-operator \
    && mkdir dist && cp "target/$target/release/klamm" "target/$target/release/klamm-operator" dist/

FROM scratch AS klamm-operator
COPY --from=build --chmod=0755 /source/dist/klamm-operator /usr/bin/klamm-operator
USER 65532:65532
ENTRYPOINT ["/usr/bin/klamm-operator"]
CMD ["--help"]

FROM scratch AS klamm-operator-prebuilt
COPY --chmod=0755 dist/klamm-operator /usr/bin/klamm-operator
USER 65532:65532
ENTRYPOINT ["/usr/bin/klamm-operator"]
CMD ["--help"]

FROM scratch AS klamm-prebuilt
COPY --chmod=0755 dist/klamm /usr/bin/klamm
RUN ["/usr/bin/klamm", "make-links", "/usr/bin"]
ENV PATH=/usr/bin
USER 65532:65532
ENTRYPOINT ["/usr/bin/klamm"]
CMD ["help"]

FROM scratch AS klamm
COPY --from=build --chmod=0755 /source/dist/klamm /usr/bin/klamm
RUN ["/usr/bin/klamm", "make-links", "/usr/bin"]
ENV PATH=/usr/bin
USER 65532:65532
ENTRYPOINT ["/usr/bin/klamm"]
CMD ["help"]
