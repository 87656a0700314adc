//! Which neighbourhoods together have more reports than their people explain.

use std::fmt::Write;

use super::clean::{escaped, visible};
use super::numbers::NONE;
use super::texts::Text;
use super::words::Words;
use crate::methods::scan::{ScanCluster, ScanModel};

/// Clusters that are listed.
const LISTED: usize = 8;

/// Members of a cluster that are named; the map shows all.
const NAMED: usize = 6;

impl Words<'_> {
    /// The clusters that are more than chance, strongest first.
    pub(super) fn clusters(&self) -> &[ScanCluster] {
        let found = self.result.clusters.as_ref();
        let all = found.map_or(&[][..], |found| &found.clusters[..]);
        // Strongest first, so p does not fall.
        &all[..all.partition_point(|c| c.p <= self.findings.level)]
    }

    /// The number of each neighbourhood's cluster, from 0; `None` outside.
    pub(super) fn cluster_of(&self) -> Vec<Option<usize>> {
        let (areas, more) = (self.result.neighbourhoods.len(), self.clusters().len());
        let all = match &self.result.clusters {
            Some(found) => found.cluster_of(areas),
            None => vec![None; areas],
        };
        let is_more = |number: &usize| *number < more;
        all.into_iter().map(|own| own.filter(is_more)).collect()
    }

    fn members(&self, cluster: &ScanCluster) -> String {
        let named = cluster.members.iter().take(NAMED);
        let names: Vec<String> = named.map(|&i| visible(self.name(i), 60)).collect();
        let names = names.join(", ");
        match cluster.members.len().saturating_sub(NAMED) {
            0 => names,
            more => self.with(
                Text::ClusterMore,
                &[("names", &names), ("n", &self.numbers.whole(more as i64))],
            ),
        }
    }
}

/// The clusters, a row each; nothing unless they were asked for.
pub(super) fn clusters(words: &Words<'_>, out: &mut String) {
    let Some(found) = &words.result.clusters else {
        return;
    };
    let _ = write!(
        out,
        "<section class=\"nature\"><h2>{}</h2>",
        escaped(words.text(Text::ClustersTitle))
    );
    let listed = words.clusters();
    let lead = match listed.len() {
        0 => words.text(Text::ClustersNone).to_owned(),
        1 => words.text(Text::ClustersOne).to_owned(),
        n => words.with(Text::ClustersMany, &[("n", &words.numbers.whole(n as i64))]),
    };
    let _ = write!(out, "<p>{}</p>", escaped(&lead));
    if !listed.is_empty() {
        rows(words, listed, out);
    }
    let mut note = words.with(
        Text::ClustersNote,
        &[("n", &words.numbers.whole(found.simulated.len() as i64))],
    );
    if found.model == ScanModel::NegativeBinomial {
        note.push(' ');
        note.push_str(words.text(Text::ClustersSeries));
    }
    if words.result.protection.is_some() {
        note.push(' ');
        note.push_str(words.text(Text::ClustersProtected));
    }
    let _ = writeln!(out, "<p><small>{}</small></p></section>", escaped(&note));
}

fn rows(words: &Words<'_>, listed: &[ScanCluster], out: &mut String) {
    out.push_str("<table><thead><tr>");
    let heads = [
        Text::ClusterMembers,
        Text::ClusterObserved,
        Text::ClusterExpected,
        Text::ClusterRatio,
        Text::ClusterP,
    ];
    for (column, head) in heads.into_iter().enumerate() {
        let class = if column == 0 { " class=\"t\"" } else { "" };
        let _ = write!(
            out,
            "<th{class} scope=\"col\">{}</th>",
            escaped(words.text(head))
        );
    }
    out.push_str("</tr></thead><tbody>");
    for cluster in listed.iter().take(LISTED) {
        let ratio = if cluster.relative_risk.is_finite() {
            words.numbers.ratio(cluster.relative_risk)
        } else {
            NONE.to_owned()
        };
        let _ = write!(
            out,
            "<tr><th class=\"t\" scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&words.members(cluster)),
            words.numbers.fixed(cluster.observed as f64, 0),
            words.numbers.fixed(cluster.expected, 0),
            escaped(&ratio),
            escaped(&words.numbers.probability(cluster.p)),
        );
    }
    out.push_str("</tbody></table>");
}
