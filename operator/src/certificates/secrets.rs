//! The two Secrets of a cluster's certificates. `NAME-admin-ca` has the authorities with their keys; pods
//! never mount it. `NAME-admin-tls` is what nodes show and whom they trust.

use std::collections::BTreeMap;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use super::{Authority, Certificates, Leaf, Pair};
use crate::resources::Site;

/// Annotation of the nodes' Secret: SHA-256 of the authority that issued its certificate.
const ANNOTATION_ISSUER: &str = "klamm.dev/issuer";
/// Annotation of the nodes' Secret: the host names in its certificate.
const ANNOTATION_HOSTS: &str = "klamm.dev/hosts";
const CERTIFICATE: &str = "tls.crt";
const KEY: &str = "tls.key";
const TRUST: &str = "ca.crt";
const NEXT_CERTIFICATE: &str = "next.crt";
const NEXT_KEY: &str = "next.key";
const FORMER: &str = "former.crt";

/// The authorities as a Secret.
pub fn authority_secret(site: &Site<'_>, certificates: &Certificates) -> Secret {
    let mut data = pair(&certificates.present.pair);
    if let Some(next) = &certificates.next {
        data.insert(NEXT_CERTIFICATE.to_owned(), bytes(&next.pair.certificate));
        data.insert(NEXT_KEY.to_owned(), bytes(&next.pair.key));
    }
    if let Some(former) = &certificates.former {
        data.insert(FORMER.to_owned(), bytes(former));
    }
    Secret {
        metadata: site.meta(site.authority_name(), None),
        type_: Some("Opaque".to_owned()),
        data: Some(data),
        ..Secret::default()
    }
}

/// The authorities in a Secret; `None` if they cannot be read.
pub fn read_authority(secret: &Secret) -> Option<Certificates> {
    let pair = |certificate: &str, key: &str| {
        let pair = Pair { certificate: text(secret, certificate)?, key: text(secret, key)? };
        Some(Authority { pair })
    };
    Some(Certificates {
        present: pair(CERTIFICATE, KEY)?,
        next: pair(NEXT_CERTIFICATE, NEXT_KEY),
        former: text(secret, FORMER),
    })
}

/// The nodes' certificate as a Secret.
pub fn leaf_secret(site: &Site<'_>, leaf: &Leaf, key: &str) -> Secret {
    let mut data = pair(&Pair { certificate: leaf.certificate.clone(), key: key.to_owned() });
    data.insert(TRUST.to_owned(), bytes(&leaf.trust));
    let mut metadata = site.meta(site.leaf_name(), None);
    metadata.annotations = Some(BTreeMap::from([
        (ANNOTATION_ISSUER.to_owned(), leaf.issuer.clone()),
        (ANNOTATION_HOSTS.to_owned(), leaf.hosts.join(",")),
    ]));
    Secret { metadata, type_: Some("kubernetes.io/tls".to_owned()), data: Some(data), ..Secret::default() }
}

/// The nodes' certificate in a Secret; `None` if it cannot be read.
pub fn read_leaf(secret: &Secret) -> Option<Leaf> {
    let annotations = secret.metadata.annotations.as_ref()?;
    text(secret, KEY)?;
    Some(Leaf {
        certificate: text(secret, CERTIFICATE)?,
        trust: text(secret, TRUST)?,
        issuer: annotations.get(ANNOTATION_ISSUER)?.clone(),
        hosts: annotations.get(ANNOTATION_HOSTS)?.split(',').map(str::to_owned).collect(),
    })
}

fn pair(pair: &Pair) -> BTreeMap<String, ByteString> {
    BTreeMap::from([(CERTIFICATE.to_owned(), bytes(&pair.certificate)), (KEY.to_owned(), bytes(&pair.key))])
}

fn bytes(text: &str) -> ByteString {
    ByteString(text.as_bytes().to_vec())
}

fn text(secret: &Secret, key: &str) -> Option<String> {
    String::from_utf8(secret.data.as_ref()?.get(key)?.0.clone()).ok()
}
