//! Broker keys of TLS and principals.

use crate::key::{ConfigKey, Kind, boolean, class, keys, list, string, unset};
use crate::rule::Empty;

/// Sorted by name.
pub(super) const KEYS: &[ConfigKey] = keys! {
    "principal.builder.class": class("org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder")
        .per_broker() =>
        "Java class that names the user behind a connection. Only Kafka's default one is known here.";
    "security.providers": unset(Kind::String).low() =>
        "Java classes that add security algorithms. Kept for files written for Java.";
    "ssl.allow.dn.changes": boolean(false).low() =>
        "Whether a certificate that is replaced while running may carry another distinguished name.";
    "ssl.allow.san.changes": boolean(false).low() =>
        "Whether a certificate that is replaced while running may carry other alternative names.";
    "ssl.cipher.suites": list("").items(&[], Empty::Allowed).per_broker() =>
        "TLS cipher suites to allow, by name; empty allows the library's default set.";
    "ssl.client.auth": string("none").one_of(&["required", "requested", "none"]).per_broker() =>
        "Whether clients must show a certificate: `required`, `requested` (may), or `none`.";
    "ssl.enabled.protocols": list("TLSv1.2,TLSv1.3").items(&[], Empty::Allowed).per_broker() =>
        "TLS versions that connections may use.";
    "ssl.endpoint.identification.algorithm": string("https").low().per_broker() =>
        "`https` checks that the certificate of a server this node connects to fits its host name; empty \
         checks nothing.";
    "ssl.engine.factory.class": unset(Kind::Class).low().per_broker() =>
        "Java class that makes TLS engines instead of the built-in one.";
    "ssl.key.password": unset(Kind::Password).per_broker() =>
        "Password of the private key within the store or PEM text.";
    "ssl.keymanager.algorithm": string("SunX509").per_broker() =>
        "Java algorithm that picks this node's certificate. Kept for files written for Java.";
    "ssl.keystore.certificate.chain": unset(Kind::Password).per_broker() =>
        "This node's certificate and its issuers as PEM text, instead of a file.";
    "ssl.keystore.key": unset(Kind::Password).per_broker() =>
        "This node's private key as PKCS#8 PEM text, instead of a file.";
    "ssl.keystore.location": unset(Kind::String).per_broker() =>
        "Path of the file with this node's private key and certificate chain.";
    "ssl.keystore.password": unset(Kind::Password).per_broker() =>
        "Password of the key store file; not used for PEM.";
    "ssl.keystore.type": string("JKS").per_broker() =>
        "Format of the key store: `PEM`, `PKCS12` or `JKS`.";
    "ssl.principal.mapping.rules": string("DEFAULT").low() =>
        "Rules that turn the distinguished name of a client's certificate into a user name; the first that \
         fits wins, `DEFAULT` keeps the name.";
    "ssl.protocol": string("TLSv1.3").per_broker() =>
        "TLS version with which a context is made. The enabled ones are those of `ssl.enabled.protocols`.";
    "ssl.provider": unset(Kind::String).per_broker() =>
        "Java security provider for TLS. Kept for files written for Java.";
    "ssl.secure.random.implementation": unset(Kind::String).low().per_broker() =>
        "Java source of random numbers for TLS. Kept for files written for Java.";
    "ssl.trustmanager.algorithm": string("PKIX").per_broker() =>
        "Java algorithm that checks the peer's certificate. Kept for files written for Java.";
    "ssl.truststore.certificates": unset(Kind::Password).per_broker() =>
        "Certificates of trusted issuers as PEM text, instead of a file.";
    "ssl.truststore.location": unset(Kind::String).per_broker() =>
        "Path of the file with the certificates of trusted issuers.";
    "ssl.truststore.password": unset(Kind::Password).per_broker() =>
        "Password of the trust store file. Without one the file is read, but its integrity is not checked.";
    "ssl.truststore.type": string("JKS").per_broker() =>
        "Format of the trust store: `PEM`, `PKCS12` or `JKS`.";
};
