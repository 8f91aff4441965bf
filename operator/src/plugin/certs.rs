//! `certs`: how the certificates of the admin service stand. Their keys are never read.

use super::{Asked, PluginError, table};

/// Phase, ends, and which nodes do not use the present ones, as the operator last told it.
pub async fn certs(asked: &Asked) -> Result<String, PluginError> {
    let status = asked.cluster().await?.status.unwrap_or_default();
    let Some(certificates) = &status.certificates else {
        return Ok("no operator has issued certificates yet\n".to_owned());
    };
    let mut rows = Vec::new();
    let mut row = |key: &str, value: &str| rows.push(vec![format!("{key}:"), value.to_owned()]);
    row("Phase", &certificates.phase);
    row("Nodes until", &certificates.nodes_until);
    row("Authority until", &certificates.authority_until);
    if let Some(ready) = status.conditions.iter().find(|one| one.kind == "CertificatesReady") {
        row("State", &ready.message);
    }
    Ok(table(&rows))
}
