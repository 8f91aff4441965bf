//! The client's metrics as Kafka's tools print them (Kafka: `ToolsUtils.printMetrics`).

use klamm_client::Metric;

use crate::tool::{Terminal, ToolResult};

/// A table of `metrics` by name; nothing where there are none.
pub(super) fn print(metrics: &[Metric], client_id: &str, terminal: &mut Terminal<'_>) -> ToolResult {
    let name = |metric: &Metric| format!("{}:{}:{{client-id={client_id}}}", metric.group, metric.name);
    let mut rows: Vec<(String, f64)> = metrics.iter().map(|metric| (name(metric), metric.value)).collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    let Some(width) = rows.iter().map(|(name, _)| name.chars().count()).max() else { return Ok(()) };
    writeln!(terminal.out, "\n{:width$}   Value", "Metric Name")?;
    rows.iter().try_for_each(|(name, value)| writeln!(terminal.out, "{name:width$} : {value:.3}"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn metrics_stand_in_kafkas_columns_by_name() {
        let metrics = [
            Metric { group: "g", name: "second", value: 2.0 },
            Metric { group: "g", name: "first", value: 1.5 },
        ];
        let (mut out, mut err) = (Vec::new(), Vec::new());
        print(&metrics, "c", &mut Terminal { out: &mut out, err: &mut err }).unwrap();
        let expected = "\nMetric Name              Value\n\
                        g:first:{client-id=c}  : 1.500\n\
                        g:second:{client-id=c} : 2.000\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
