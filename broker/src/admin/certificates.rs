//! The certificates of the admin service: `tls.crt`, `tls.key` and `ca.crt` of one folder. They are read anew
//! when the operator asks for it, and when a connection comes and the files have changed: so a node whose
//! certificate has expired takes a new one although nobody can speak to it.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;

/// The files are looked at no more often than this.
const LOOK: Duration = Duration::from_secs(1);
const FILES: [&str; 3] = ["tls.crt", "tls.key", "ca.crt"];

/// Why certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificatesError {
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file is not PEM of that kind.
    #[error("{}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Whoever is on this machine may read the key.
    #[error(
        "{}: its mode {mode:04o} lets everybody on this machine have the key; take that away, as by chmod o-rwx",
        path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// They do not belong together, or are of no use.
    #[error("{}: {reason}", dir.display())]
    Unusable {
        /// The folder.
        dir: PathBuf,
        /// Why.
        reason: String,
    },
}

/// Hashes of the files in use, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprints {
    /// SHA-256 of `tls.crt`.
    pub certificate: String,
    /// SHA-256 of `ca.crt`.
    pub trust: String,
}

/// By what a change of a file is seen: modification time in nanoseconds, inode, bytes.
type Stamp = [(i64, u64, u64); 3];

struct Loaded {
    acceptor: TlsAcceptor,
    fingerprints: Fingerprints,
}

/// The certificates in use.
pub struct Certificates {
    dir: PathBuf,
    loaded: ArcSwap<Loaded>,
    /// When the files were last looked at, and as what.
    looked: Mutex<(Instant, Option<Stamp>)>,
}

impl Certificates {
    /// Reads them for the first time.
    pub fn open(dir: &Path) -> Result<Certificates, CertificatesError> {
        let stamp = stamp(dir);
        let loaded = load(dir)?;
        let looked = Mutex::new((Instant::now(), stamp));
        Ok(Certificates { dir: dir.to_owned(), loaded: ArcSwap::from_pointee(loaded), looked })
    }

    /// Those in use.
    pub fn fingerprints(&self) -> Fingerprints {
        self.loaded.load().fingerprints.clone()
    }

    /// Reads the files anew. After an error the former ones stay in use.
    pub fn reload(&self) -> Result<Fingerprints, CertificatesError> {
        let stamp = stamp(&self.dir);
        let loaded = load(&self.dir)?;
        let fingerprints = loaded.fingerprints.clone();
        if fingerprints != self.fingerprints() {
            tracing::info!(
                certificate = fingerprints.certificate,
                trust = fingerprints.trust,
                "certificates"
            );
        }
        self.loaded.store(Arc::new(loaded));
        *self.looked.lock() = (Instant::now(), stamp);
        Ok(fingerprints)
    }

    /// For a new connection; first takes files that have changed.
    pub fn acceptor(&self) -> TlsAcceptor {
        if self.have_changed()
            && let Err(error) = self.reload()
        {
            // The key of one pair and the certificate of the next, say: once more after a second.
            tracing::warn!(%error, "changed certificates cannot be used; the former stay");
        }
        self.loaded.load().acceptor.clone()
    }

    fn have_changed(&self) -> bool {
        let mut looked = self.looked.lock();
        if looked.0.elapsed() < LOOK {
            return false;
        }
        looked.0 = Instant::now();
        stamp(&self.dir) != looked.1
    }
}

fn stamp(dir: &Path) -> Option<Stamp> {
    let of = |name: &str| {
        let metadata = fs::metadata(dir.join(name)).ok()?;
        Some((metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec(), metadata.ino(), metadata.len()))
    };
    let [certificate, key, trust] = FILES;
    Some([of(certificate)?, of(key)?, of(trust)?])
}

fn load(dir: &Path) -> Result<Loaded, CertificatesError> {
    let read = |name: &str| {
        let path = dir.join(name);
        fs::read(&path).map_err(|error| CertificatesError::Read { path, error })
    };
    let malformed =
        |name: &str, reason: String| CertificatesError::Malformed { path: dir.join(name), reason };
    let [certificate_file, key_file, trust_file] = FILES;
    let certificate = read(certificate_file)?;
    refuse_exposed(dir.join(key_file))?;
    let (key, trust) = (read(key_file)?, read(trust_file)?);
    let chain = certificates(&certificate).map_err(|reason| malformed(certificate_file, reason))?;
    let private =
        PrivateKeyDer::from_pem_slice(&key).map_err(|error| malformed(key_file, error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for root in certificates(&trust).map_err(|reason| malformed(trust_file, reason))? {
        roots.add(root).map_err(|error| malformed(trust_file, error.to_string()))?;
    }
    let unusable = |reason: String| CertificatesError::Unusable { dir: dir.to_owned(), reason };
    let acceptor = acceptor((chain, private), roots).map_err(unusable)?;
    let fingerprints = Fingerprints { certificate: sha256(&certificate), trust: sha256(&trust) };
    Ok(Loaded { acceptor, fingerprints })
}

/// A key is for its owner and group: Kubernetes gives a Secret's files to the pod's group.
fn refuse_exposed(path: PathBuf) -> Result<(), CertificatesError> {
    let mode = match fs::metadata(&path) {
        Ok(metadata) => metadata.permissions().mode() & 0o777,
        Err(error) => return Err(CertificatesError::Read { path, error }),
    };
    if mode & 0o007 == 0 { Ok(()) } else { Err(CertificatesError::Exposed { path, mode }) }
}

/// TLS 1.3 with clients that show a certificate of `roots` made for clients. Those of nodes are made for
/// servers, so that no node can speak to another.
fn acceptor(
    (chain, key): (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>),
    roots: RootCertStore,
) -> Result<TlsAcceptor, String> {
    let text = |error: rustls::Error| error.to_string();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let clients = clients.build().map_err(|error| error.to_string())?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(text)?
        .with_client_cert_verifier(clients)
        .with_single_cert(chain, key)
        .map_err(text)?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if all.is_empty() => Err("there is no certificate in it".to_owned()),
        Ok(all) => Ok(all),
        Err(error) => Err(error.to_string()),
    }
}

/// In hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn write(dir: &Path, name: &str) {
        // One that cannot be written to is replaced, as Kubernetes does.
        fs::remove_file(dir.join("tls.key")).ok();
        let rcgen::CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        fs::write(dir.join("tls.crt"), cert.pem()).unwrap();
        fs::write(dir.join("ca.crt"), cert.pem()).unwrap();
        fs::write(dir.join("tls.key"), signing_key.serialize_pem()).unwrap();
        set_mode(dir, 0o440);
    }

    fn set_mode(dir: &Path, mode: u32) {
        fs::set_permissions(dir.join("tls.key"), fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_key_that_everybody_may_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "first");
        let certificates = Certificates::open(dir.path()).unwrap();
        for mode in [0o444, 0o644, 0o602] {
            set_mode(dir.path(), mode);
            let error = certificates.reload().unwrap_err().to_string();
            assert!(error.contains("tls.key") && error.contains(&format!("{mode:04o}")), "{error}");
        }
        set_mode(dir.path(), 0o600);
        certificates.reload().unwrap();
    }

    #[test]
    fn changed_files_are_taken_and_unusable_ones_leave_the_former() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "first");
        let certificates = Certificates::open(dir.path()).unwrap();
        let first = certificates.fingerprints();
        write(dir.path(), "second");
        let second = certificates.reload().unwrap();
        assert_ne!(first, second);
        fs::write(dir.path().join("tls.crt"), "nothing").unwrap();
        let error = certificates.reload().unwrap_err().to_string();
        assert!(error.contains("tls.crt") && error.contains("no certificate"), "{error}");
        assert_eq!(certificates.fingerprints(), second);
    }

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "first");
        let certificates = Certificates::open(dir.path()).unwrap();
        let key = fs::read(dir.path().join("tls.key")).unwrap();
        write(dir.path(), "second");
        set_mode(dir.path(), 0o600);
        fs::write(dir.path().join("tls.key"), key).unwrap();
        assert!(matches!(certificates.reload(), Err(CertificatesError::Unusable { .. })));
    }

    #[test]
    fn a_connection_after_a_change_gets_the_new_files_unasked() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "first");
        let certificates = Certificates::open(dir.path()).unwrap();
        let first = certificates.fingerprints();
        write(dir.path(), "second");
        certificates.acceptor();
        assert_eq!(certificates.fingerprints(), first, "not within the same second");
        certificates.looked.lock().0 -= LOOK;
        certificates.acceptor();
        assert_ne!(certificates.fingerprints(), first);
    }

    #[test]
    fn what_is_missing_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let error = Certificates::open(dir.path()).err().unwrap().to_string();
        assert!(error.contains("tls.crt"), "{error}");
    }
}
