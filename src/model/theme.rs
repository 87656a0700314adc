//! What counts as what kind of nuisance.

use std::collections::BTreeSet;

use super::incidents::Incidents;
use crate::error::{Error, Fault, Result, quoted};

/// A named set of incident categories, with the people its rate is about.
///
/// Categories are compared without regard to case, surrounding blanks and padding of the number,
/// so the theme category `E35` takes `E35`, `e35   ` and `E035`. Of a slug that is the end of an
/// address, as Signalen writes categories, the last part counts:
/// `…/sub_categories/jongerenoverlast` is `jongerenoverlast`.
///
/// ```
/// use brandpunt::Theme;
///
/// let theme = Theme::youth_nuisance();
/// assert!(theme.matches("E35   ") && theme.matches("Jeugdoverlast"));
/// let own = Theme::new("fireworks", ["vuurwerk", "M132", "M134"]).exposure("dwellings").per(100.0);
/// assert!(own.matches("M132") && !own.matches("E35"));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Theme {
    name: String,
    categories: Option<BTreeSet<String>>,
    exposure: String,
    per: f64,
}

/// Built-in themes: name, categories, exposure. The letters and digits are incident classes of
/// the Dutch police; the words are what municipal registers write.
const BUILT_IN: [(&str, &[&str], &str); 3] = [
    (
        "youth_nuisance",
        &[
            "youth_nuisance",
            "youth nuisance",
            "jeugdoverlast",
            "jongerenoverlast",
            "overlast jeugd",
            "overlast jongeren",
            "melding overlast jeugd",
            "E35",
        ],
        "inhabitants",
    ),
    (
        "housing_nuisance",
        &[
            "housing_nuisance",
            "housing nuisance",
            "woonoverlast",
            "burenoverlast",
            "overlast buren",
            "geluidshinder overig",
            "wonen",
            "M22",
        ],
        "inhabitants",
    ),
    (
        "youth_crime",
        &[
            "youth_crime",
            "youth crime",
            "jeugdcriminaliteit",
            "jeugdcrime",
        ],
        "youths",
    ),
];

impl Theme {
    /// A theme of one's own, per 1,000 inhabitants.
    pub fn new<S: AsRef<str>>(
        name: impl Into<String>,
        categories: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            name: name.into(),
            categories: Some(categories.into_iter().map(|c| normal(c.as_ref())).collect()),
            exposure: "inhabitants".to_owned(),
            per: 1000.0,
        }
    }

    /// All incidents, whatever their category, per 1,000 inhabitants.
    #[must_use]
    pub fn all() -> Self {
        Self {
            name: "all".to_owned(),
            categories: None,
            exposure: "inhabitants".to_owned(),
            per: 1000.0,
        }
    }

    /// Youth nuisance (*jeugdoverlast*; police class E35) per 1,000 inhabitants.
    #[must_use]
    pub fn youth_nuisance() -> Self {
        Self::built_in(0)
    }

    /// Housing nuisance (*woonoverlast*) per 1,000 inhabitants.
    ///
    /// Open police data have no class of their own for it; the nearest, and the default here, is
    /// M22 (noise, other), where neighbour noise lands. E33 and E38 at a dwelling are nuisance by
    /// disturbed persons or drink and drugs and are not included unless you build your own theme.
    #[must_use]
    pub fn housing_nuisance() -> Self {
        Self::built_in(1)
    }

    /// Youth crime (*jeugdcriminaliteit*) per 1,000 youths.
    #[must_use]
    pub fn youth_crime() -> Self {
        Self::built_in(2)
    }

    /// The built-in themes.
    #[must_use]
    pub fn built_ins() -> Vec<Self> {
        (0..BUILT_IN.len()).map(Self::built_in).collect()
    }

    /// The built-in theme of that name, or `all`.
    ///
    /// # Errors
    /// [`Error::Parameter`] for any other name.
    pub fn named(name: &str) -> Result<Self> {
        if name == "all" {
            return Ok(Self::all());
        }
        Self::built_ins().into_iter().find(|t| t.name == name).ok_or_else(|| {
            Error::parameter(
                "theme",
                quoted(name),
                "all, youth_nuisance, housing_nuisance, youth_crime, or a theme with its own categories",
            )
        })
    }

    fn built_in(index: usize) -> Self {
        let (name, categories, exposure) = BUILT_IN[index];
        Self::new(name, categories).exposure(exposure)
    }

    /// Sets the kind of exposure the rate is about, such as `inhabitants`, `youths`, `dwellings`.
    #[must_use]
    pub fn exposure(mut self, kind: impl Into<String>) -> Self {
        self.exposure = kind.into();
        self
    }

    /// Sets the size of the group the rate is given for (1,000 at first).
    #[must_use]
    pub fn per(mut self, per: f64) -> Self {
        self.per = per;
        self
    }

    /// The theme's name: a word of letters, digits and underscores for the built-in ones.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kind of exposure.
    #[must_use]
    pub fn exposure_kind(&self) -> &str {
        &self.exposure
    }

    /// The size of the group the rate is given for.
    #[must_use]
    pub fn per_people(&self) -> f64 {
        self.per
    }

    /// The categories in normal form; `None` when every incident belongs.
    #[must_use]
    pub fn categories(&self) -> Option<impl Iterator<Item = &str>> {
        self.categories
            .as_ref()
            .map(|set| set.iter().map(String::as_str))
    }

    /// The categories of incidents that belong to none of the themes, with how many incidents have
    /// them, the most frequent first. Nothing falls into a theme by default, so this is what a
    /// table of themes leaves out.
    #[must_use]
    pub fn unknown_categories(themes: &[Self], incidents: &Incidents) -> Vec<(String, u64)> {
        let Some(categories) = incidents.categories() else {
            return Vec::new();
        };
        let mut counts = vec![0_u64; categories.labels().len()];
        for &code in categories.codes() {
            counts[code as usize] += 1;
        }
        let mut out: Vec<(String, u64)> = categories
            .labels()
            .iter()
            .zip(counts)
            .filter(|(label, _)| !themes.iter().any(|theme| theme.matches(label)))
            .map(|(label, count)| (label.clone(), count))
            .collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        out
    }

    /// Whether an incident with this category belongs.
    #[must_use]
    pub fn matches(&self, category: &str) -> bool {
        self.categories
            .as_ref()
            .is_none_or(|set| set.contains(&normal(category)))
    }

    /// The positions of the incidents that belong, in order.
    ///
    /// # Errors
    /// [`Fault::NoMatchingCategory`] when none does, with the categories that were found.
    pub fn positions(&self, incidents: &Incidents) -> Result<Vec<u32>> {
        let n = u32::try_from(incidents.len())
            .map_err(|_| Error::internal("more than 2^32 incidents"))?;
        if self.categories.is_none() {
            return Ok((0..n).collect());
        }
        let Some(categories) = incidents.categories() else {
            return Err(Error::input(
                Fault::MissingColumn,
                format!(
                    "theme `{}` selects by category, but the incidents have no category column; \
                     name it with category=, or use theme all",
                    quoted(&self.name)
                ),
            ));
        };
        let member: Vec<bool> = categories
            .labels()
            .iter()
            .map(|l| self.matches(l))
            .collect();
        let found: Vec<u32> = (0..n)
            .filter(|&i| member[categories.codes()[i as usize] as usize])
            .collect();
        if found.is_empty() {
            let labels: Vec<String> = categories
                .labels()
                .iter()
                .take(12)
                .map(|l| format!("`{}`", quoted(l)))
                .collect();
            return Err(Error::input(
                Fault::NoMatchingCategory,
                format!(
                    "no incident belongs to theme `{}`; the categories found are {}{}; use theme \
                     all, or a theme with your own categories",
                    quoted(&self.name),
                    labels.join(", "),
                    if categories.labels().len() > 12 {
                        ", …"
                    } else {
                        ""
                    }
                ),
            ));
        }
        Ok(found)
    }
}

/// Lower case, trimmed; the last part of the address of a category; of an incident class such as `E035` the number without leading zeros.
fn normal(category: &str) -> String {
    let mut text = category.trim().to_lowercase();
    if let Some((_, slug)) = text.rsplit_once("_categories/") {
        text = slug.trim_end_matches('/').to_owned();
    } else if let Some((_, slug)) = text.rsplit_once("/terms/categories/") {
        text = slug.trim_end_matches('/').to_owned();
    }
    let mut chars = text.chars();
    if let Some(letter) = chars.next() {
        let digits = chars.as_str();
        let is_class = letter.is_ascii_lowercase()
            && (2..=4).contains(&digits.len())
            && digits.bytes().all(|b| b.is_ascii_digit());
        if is_class {
            return format!("{letter}{}", digits.trim_start_matches('0'));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_and_zero_filled_classes_are_one() {
        for label in ["E35", "e35   ", "E035", " E0035"] {
            assert!(Theme::youth_nuisance().matches(label), "{label}");
        }
        assert!(!Theme::youth_nuisance().matches("E350"));
        assert!(
            !Theme::housing_nuisance().matches("2.4.1"),
            "a relational dispute is no neighbour noise"
        );
    }

    #[test]
    fn the_address_of_a_category_is_its_slug() {
        let main = "https://x/signals/v1/public/terms/categories/overlast-van-personen";
        let youth = Theme::youth_nuisance();
        assert!(youth.matches(&format!("{main}/sub_categories/jongerenoverlast")));
        assert!(youth.matches(&format!("{main}/sub_categories/jongerenoverlast/")));
        assert!(!youth.matches(&format!("{main}/sub_categories/drank-en-drugsoverlast")));
        assert!(Theme::new("own", ["overlast-van-personen"]).matches(main));
    }

    #[test]
    fn categories_of_no_theme_are_told() {
        let incidents = Incidents::builder(vec![1.0; 4], vec![2.0; 4], crate::Crs::PLANAR)
            .category(["2.4.1", "E35", "F010", "2.4.1"].into_iter().collect())
            .build()
            .unwrap();
        assert_eq!(
            Theme::unknown_categories(&Theme::built_ins(), &incidents),
            [("2.4.1".to_owned(), 2), ("F010".to_owned(), 1)]
        );
    }

    #[test]
    fn a_theme_that_fits_nothing_names_what_there_is() {
        let incidents = Incidents::builder(vec![1.0], vec![2.0], crate::Crs::PLANAR)
            .category(["burglary"].into_iter().collect())
            .build()
            .unwrap();
        let error = Theme::youth_nuisance().positions(&incidents).unwrap_err();
        assert_eq!(error.fault(), Some(Fault::NoMatchingCategory));
        assert!(error.to_string().contains("burglary"));
    }
}
