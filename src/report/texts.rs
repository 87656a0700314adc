//! Every text of a report, by key, in Dutch and in English.

use crate::analysis::Language;
use crate::model::WarningCode;

macro_rules! texts {
    ($($key:ident: $dutch:literal, $english:literal;)+) => {
        /// The key of a text; `{names}` in it are filled in by [`Text::with`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Text { $($key,)+ }

        impl Text {
            /// All keys.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$key,)+];

            /// The text in a language.
            pub(super) fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$key, Language::Dutch) => $dutch,
                        (Self::$key, Language::English) => $english,
                    )+
                }
            }
        }
    };
}

texts! {
    // The page
    Kind: "hotspots van meldingen per buurt", "hotspots of reports by neighbourhood";
    Skip: "Naar de tabel", "Skip to the table";
    Themes: "Thema", "Theme";
    Compared: "{period}, vergeleken met {baseline}", "{period}, compared with {baseline}";
    Caution: "Dit zijn meldingen, niet de overlast zelf. Wie eerder meldt, telt vaker mee. Niets hierin zegt iets over personen.",
        "These are reports, not nuisance itself: people who report sooner count more often. Nothing here is evidence about persons.";
    MadeBy: "Gemaakt met brandpunt {version}; hetzelfde invoerbestand geeft met dezelfde instellingen hetzelfde rapport.",
        "Made with brandpunt {version}; the same input and settings give the same report.";
    NoScript: "Zonder JavaScript staat de kaart stil en is de tabel niet te sorteren; alle cijfers staan er.",
        "Without JavaScript the map is still and the table cannot be sorted; all figures are here.";
    WarningsLink: "Lees eerst: {n} kanttekeningen", "Read first: {n} points to know";
    WarningsLinkOne: "Lees eerst: 1 kanttekening", "Read first: 1 point to know";

    // What is not shown
    InternalMark: "Intern – niet publiceren", "Internal – do not publish";
    InternalWhy: "Kleine aantallen staan hier onbeschermd in.", "Small counts are in here unprotected.";
    WithheldTitle: "Wat niet is getoond", "What is not shown";
    WithheldNone: "Geen van de {total} buurten heeft te weinig meldingen om te tonen.",
        "None of the {total} neighbourhoods has too few reports to show.";
    WithheldOne: "Van 1 van de {total} buurten is het aantal niet getoond.",
        "The count of 1 of {total} neighbourhoods is not shown.";
    WithheldMany: "Van {n} van de {total} buurten is het aantal niet getoond.",
        "The counts of {n} of {total} neighbourhoods are not shown.";
    WithheldRule: "Regel {preset}: aantallen onder {minimum} blijven weg, en ook andere aantallen waaruit ze af te leiden zijn.",
        "Rule {preset}: counts below {minimum} are left out, and so are others from which they could be worked out.";
    WithheldAddresses: "Aantallen van minder dan {n} adressen blijven ook weg.",
        "Counts from fewer than {n} addresses are left out too.";
    WithheldRounded: "De andere aantallen zijn willekeurig naar boven of beneden afgerond op een veelvoud van {base}; totalen apart, dus ze tellen niet precies op.",
        "The other counts are rounded at random, up or down, to a multiple of {base}; totals by themselves, so they need not add up.";
    WithheldParts: "Alleen in het interne rapport staan aantallen per kwartaal of maand (nieuw of blijvend), want die zijn per buurt te klein; de aard van de meldingen van één buurt per uur van de week of per seizoen, want die aantallen zijn nog kleiner; hoeveel meldingen van hetzelfde adres komen, want het aandeel van het drukste adres is het aantal van dat adres; of de ene melding op de andere volgt, want daarvoor worden paren geteld en tien meldingen van één adres zijn 45 paren, zodat een ondergrens voor aantallen niemand beschermt; en de proef met andere rasters en bandbreedten, want daarvoor zijn kleinere vakken nodig dan getoond mogen worden.",
        "In the internal report only are counts by quarter or month (new or lasting), because by area they are too small; the nature of the reports of one area by hour of the week or by season, because those counts are smaller still; how many reports come from one address, because the share of the busiest address is its count; whether one report is followed by another, because pairs are counted for that, and ten reports of one address are 45 pairs, so that a minimum count protects nobody; and the trial with other grids and bandwidths, because that takes smaller cells than may be shown.";
    WithheldNature: "De aard van de meldingen is niet getoond: soort en tijd zijn niet bekend, of dezelfde meldingen zijn al op een andere manier verdeeld gepubliceerd.",
        "The nature of the reports is not shown: kind and time are not known, or the same reports were published divided another way.";
    WithheldYears: "De jaren tussen periode en vergelijkingsjaar zijn niet getoond, omdat dezelfde meldingen ook op een andere manier geteld zijn gepubliceerd.",
        "The years between period and baseline are not shown, because the same reports are published counted another way as well.";
    WithheldKind: "Een verdeling naar soort is niet getoond, omdat alle soorten samen zijn geteld of een ander thema een deel van deze soorten telt; het verschil van die twee is niet te beschermen.",
        "A division by kind is not shown, because all kinds are counted together or another theme counts some of these kinds; the difference of the two cannot be protected.";
    RobustSome: "Wat de niet-getoonde aantallen ook zijn, {sure} van de {n} hotspots zijn het hoe dan ook. Nog {more} andere buurten zijn mogelijk een hotspot: dat hangt af van wat niet is getoond.",
        "Whatever the counts that are not shown, {sure} of the {n} hotspots are hotspots in any case. Another {more} neighbourhoods may be: that depends on what is not shown.";
    WithheldDerived: "Cijfers, intervallen en hotspots zijn uit deze aantallen berekend. De dichtheid is in klassen getoond, alleen waar genoeg meldingen bijeen liggen.",
        "Rates, intervals and hotspots are computed from these counts. The density is shown in classes, and only where enough reports lie together.";

    // The answer
    HotMany: "{n} van de {total} buurten zijn een hotspot van {theme}: {names}.",
        "{n} of {total} neighbourhoods are hotspots of {theme}: {names}.";
    HotOne: "Eén van de {total} buurten is een hotspot van {theme}: {names}.",
        "One of {total} neighbourhoods is a hotspot of {theme}: {names}.";
    HotNone: "Geen hotspots van {theme}: hoge cijfers liggen niet dichter bij elkaar dan toeval verklaart.",
        "No hotspots of {theme}: high values lie no closer together than chance explains.";
    HotUndefined: "Of hoge cijfers van {theme} bij elkaar liggen, is met deze gegevens niet te zeggen.",
        "Whether high values of {theme} lie together cannot be told from these data.";
    HotWeak: "Zwakke aanwijzing (90%): {names}.", "Weak sign (90%): {names}.";
    HotCold: "{n} buurten liggen juist in een opvallend rustige omgeving.",
        "{n} neighbourhoods lie in notably quiet surroundings.";
    HotColdOne: "Eén buurt ligt juist in een opvallend rustige omgeving.",
        "One neighbourhood lies in notably quiet surroundings.";
    HotCellOne: "1 vak van {size} m is een hotspot.", "1 cell of {size} m is a hotspot.";
    HotCells: "{n} vakken van {size} m zijn een hotspot.", "{n} cells of {size} m are hotspots.";
    HighMany: "{n} buurten hebben een cijfer dat duidelijk boven de rest van de stad ligt: {names}.",
        "{n} neighbourhoods have a rate clearly above the rest of the city: {names}.";
    HighOne: "Eén buurt heeft een cijfer dat duidelijk boven de rest van de stad ligt: {names}.",
        "One neighbourhood has a rate clearly above the rest of the city: {names}.";
    HighNone: "Geen buurt heeft een cijfer dat duidelijk boven de rest van de stad ligt.",
        "No neighbourhood has a rate clearly above the rest of the city.";
    HighUndefined: "Zonder bevolkingscijfers is er geen cijfer naar inwoners; tabel en kaart gaan over aantallen.",
        "Without population figures there is no rate; table and map are about numbers of reports.";
    LowMany: "{n} buurten liggen er duidelijk onder.", "{n} are clearly below it.";
    LowOne: "Eén buurt ligt er duidelijk onder.", "One is clearly below it.";
    PatternSome: "Over {steps}: {list}.", "Over {steps}: {list}.";
    PatternNone: "Over {steps} is geen buurt nieuw, blijvend of afnemend hot of koud.",
        "Over {steps} no neighbourhood is newly, lastingly or decreasingly hot or cold.";
    Weeks: "{n} weken", "{n} weeks";
    Months: "{n} maanden", "{n} months";
    Quarters: "{n} kwartalen", "{n} quarters";
    Years: "{n} jaren", "{n} years";
    CityLine: "De stad als geheel: {count} meldingen, {rate} {unit} (95%-interval {interval}).",
        "The city as a whole: {count} reports, {rate} {unit} (95% interval {interval}).";
    CityCountOnly: "De stad als geheel: {count} meldingen.", "The city as a whole: {count} reports.";
    ChangeUp: "Dat is duidelijk meer dan in {baseline}: {change} (95%-interval {interval}).",
        "That is clearly more than in {baseline}: {change} (95% interval {interval}).";
    ChangeDown: "Dat is duidelijk minder dan in {baseline}: {change} (95%-interval {interval}).",
        "That is clearly less than in {baseline}: {change} (95% interval {interval}).";
    ChangeNone: "Geen duidelijke verandering sinds {baseline}: {change} (95%-interval {interval}).",
        "No clear change since {baseline}: {change} (95% interval {interval}).";
    ChangeUndefined: "De verandering sinds {baseline} is niet te berekenen.",
        "The change since {baseline} cannot be computed.";
    Moran: "Over de hele stad: buurten met gelijke cijfers liggen {how} (Morans I {value}, p {p}).",
        "Over the whole city: neighbourhoods with like rates {how} (Moran's I {value}, p {p}).";
    MoranTogether: "bij elkaar", "lie together";
    MoranApart: "juist uit elkaar", "lie apart";
    MoranRandom: "niet aantoonbaar bij elkaar", "do not demonstrably lie together";
    More: "en nog {n}", "and {n} more";
    And: "en", "and";

    LeadUp: "Meer meldingen {unit} dan in {baseline} ({change}).",
        "More reports {unit} than in {baseline} ({change}).";
    LeadDown: "Minder meldingen {unit} dan in {baseline} ({change}).",
        "Fewer reports {unit} than in {baseline} ({change}).";
    LeadSame: "Niet duidelijk meer of minder meldingen {unit} dan in {baseline} ({change}).",
        "Reports {unit} are not clearly more or fewer than in {baseline} ({change}).";

    // Since the year compared with
    SinceTitle: "Sinds {baseline}", "Since {baseline}";
    SinceLower: "duidelijk lager", "clearly lower";
    SinceHigher: "duidelijk hoger", "clearly higher";
    SinceUnclear: "geen duidelijke verandering", "no clear change";
    SinceUnknown: "niet te zeggen", "cannot be told";
    SinceWhereLower: "Lager: {names}.", "Lower: {names}.";
    SinceWhereHigher: "Hoger: {names}.", "Higher: {names}.";
    SinceNote: "Duidelijk betekent q ≤ {level}, gecorrigeerd voor het aantal buurten. Geen duidelijke verandering is niet hetzelfde als geen verandering: in een buurt met weinig meldingen valt een verschil niet op te merken.",
        "Clearly means q ≤ {level}, corrected for the number of neighbourhoods. No clear change is not the same as no change: where reports are few, a difference cannot be seen.";

    // The target
    TargetTitle: "Op weg naar het doel", "On the way to the target";
    TargetLess: "Doel: in {year} hooguit {rate} meldingen {unit}, {change}% minder dan in {baseline}.",
        "Target: at most {rate} reports {unit} in {year}, {change}% less than in {baseline}.";
    TargetSame: "Doel: in {year} niet meer dan {rate} meldingen {unit}, het cijfer van {baseline}.",
        "Target: no more than {rate} reports {unit} in {year}, the rate of {baseline}.";
    TargetMore: "Doel: in {year} hooguit {rate} meldingen {unit}, {change}% boven {baseline}.",
        "Target: at most {rate} reports {unit} in {year}, {change}% above {baseline}.";
    TargetNow: "Nu ({period}): {rate} (95%-interval {interval}). Tot nu toe gemiddeld {so_far} per jaar.",
        "Now ({period}): {rate} (95% interval {interval}). So far {so_far} a year on average.";
    TargetNeeded: "Nodig: {needed} per jaar, {n} jaar lang, tot en met {year}.",
        "Needed: {needed} a year for {n} years, up to {year}.";
    TargetNeededOne: "Nodig: {needed} in het jaar tot {year}.", "Needed: {needed} in the year up to {year}.";
    TargetRoom: "Het cijfer ligt al onder het doel: tot {year} blijft het eronder, zolang het met niet meer dan {needed} per jaar verandert.",
        "The rate is below the target already: it stays below it up to {year} as long as it changes by no more than {needed} a year.";
    TargetLine: "; streeplijn: het doel", "; dashed line: the target";
    TargetCard: "Doel voor {year}: {rate}. {status}", "Target for {year}: {rate}. {status}";
    TargetReached: "Het doel is gehaald.", "The target is reached.";
    TargetOnCourse: "Nog niet aantoonbaar gehaald, wel op schema.", "Not demonstrably reached yet, but on course.";
    TargetOffCourse: "Niet op schema om het doel te halen.", "Not on course to reach the target.";
    TargetNotReached: "Het doel is niet gehaald.", "The target is not reached.";
    TargetUnclear: "Of het doel in zicht is, valt met deze aantallen niet te zeggen.",
        "Whether the target is in reach cannot be told from these counts.";
    TargetNote: "Gehaald: het hele 95%-interval van de verandering ligt op of onder het doel. Op schema: het ligt op of onder de weg van het vergelijkingsjaar naar het doel, met elk jaar hetzelfde percentage. Het gaat om meldingen: meer of minder melden telt ook mee.",
        "Reached: the whole 95% interval of the change is at or below the target. On course: it is at or below the path from the baseline to the target, by the same percentage each year. These are reports: reporting more or less counts too.";

    // Districts and chance
    DistrictTitle: "Per wijk", "By district";
    District: "Wijk", "District";
    DistrictAreas: "Buurten", "Areas";
    DistrictStatus: "Oordeel", "Finding";
    DistrictNote: "Cijfer: meldingen {unit}, met 95%-interval, van de buurten met bevolkingscijfer samen. Het oordeel over de verandering is gecorrigeerd voor het aantal wijken.",
        "Rate: reports {unit}, with 95% interval, of the neighbourhoods with a population together. What is said of the change is corrected for the number of districts.";
    FunnelTitle: "Wat verklaart toeval?", "What does chance explain?";
    FunnelLabel: "Cijfer per buurt naar het aantal {people}, met de grenzen van wat toeval verklaart",
        "Rate of each neighbourhood by its {people}, with the limits of what chance explains";
    FunnelNote: "Elke stip is een buurt: naar rechts meer {people}, naar boven een hoger cijfer; de lijn is het cijfer van de stad. Binnen de stippellijnen verklaart toeval het verschil in 95 en 99,8% van de gevallen. Bij weinig {people} loopt een cijfer al door toeval ver uiteen. Buiten de buitenste grens: {high} buurten erboven, {low} eronder.",
        "Each dot is a neighbourhood: more {people} to the right, a higher rate upwards; the line is the city's rate. Within the dashed lines chance explains the difference in 95 and 99.8% of cases. With few {people}, chance alone scatters rates widely. Outside the outer limit: {high} neighbourhoods above, {low} below.";

    // Year by year
    YearsTitle: "Jaar op jaar", "Year by year";
    YearsLabel: "De stad: meldingen {unit} per jaar, met 95%-interval", "The city: reports {unit} by year, with 95% interval";
    YearsFalling: "Het cijfer van de stad daalt: {change} per jaar (95%-interval {interval}).",
        "The city's rate falls: {change} a year (95% interval {interval}).";
    YearsRising: "Het cijfer van de stad stijgt: {change} per jaar (95%-interval {interval}).",
        "The city's rate rises: {change} a year (95% interval {interval}).";
    YearsUnclear: "Er is geen duidelijke stijging of daling over de jaren: {change} per jaar (95%-interval {interval}).",
        "There is no clear rise or fall over the years: {change} a year (95% interval {interval}).";
    YearsNone: "Een stijging of daling over de jaren is niet te bepalen.", "A rise or fall over the years cannot be determined.";
    YearsNote: "Trend over {n} jaren, met ruimte voor meer spreiding dan toeval alleen geeft. Gearceerd: jaren met coronamaatregelen (maart 2020 tot en met februari 2022), die niet meetellen in de trend.",
        "Trend over {n} years, allowing for more spread than chance alone gives. Hatched: years with measures against the epidemic (March 2020 to February 2022), which are left out of the trend.";
    PeopleUsed: "Gebruikte aantallen {people}: {list}.", "Numbers of {people} used: {list}.";
    PeopleOwn: "van het jaar zelf voor {years}", "of the year itself for {years}";
    PeopleLine: "op de lijn tussen {from} en {to} voor {years}", "on the line from {from} to {to} for {years}";
    PeopleOther: "van {from} voor {years}", "of {from} for {years}";
    PeopleNoYear: "zonder jaartal voor {years}", "of no stated year for {years}";
    PeopleInBoth: "De vergelijking met {baseline} gaat over de buurten met een cijfer in beide jaren; het cijfer per jaar over alle buurten met een cijfer van dat jaar.",
        "The comparison with {baseline} is of the neighbourhoods with a rate in both years; the rate of a year is of all with a rate in it.";
    YearsColumn: "Per jaar", "By year";

    // The nature of the reports
    NatureTitle: "Van welke aard zijn de meldingen?", "Of what nature are the reports?";
    NatureMore: "In de buurten die eruit springen vaker dan elders: {list}.", "More often than elsewhere in the neighbourhoods that stand out: {list}.";
    NatureTrait: "{name} ({here} tegen {there})", "{name} ({here} against {there})";
    NatureSame: "In soort en tijdstip verschillen de buurten die eruit springen niet aantoonbaar van de rest.",
        "In kind and time the neighbourhoods that stand out do not demonstrably differ from the rest.";
    NatureCity: "Geen buurt springt eruit; dit is het beeld van de hele stad.",
        "No neighbourhood stands out; this is the picture of the whole city.";
    NatureByArea: "De eerste vijf, elk naast alle andere buurten", "The first five, each beside all other neighbourhoods";
    NatureArea: "{name} ({n} meldingen)", "{name} ({n} reports)";
    NatureAreaMore: "Vaker dan elders: {list}.", "More often than elsewhere: {list}.";
    NatureAreaTrait: "{name} ({here} tegen {there}; {quotient} keer zo vaak, {interval})", "{name} ({here} against {there}; {quotient} times as often, {interval})";
    NatureAreaSame: "In soort, uur van de week en seizoen niet aantoonbaar anders dan elders.", "In kind, hour of the week and season not demonstrably different from elsewhere.";
    NatureAreaSameParts: "In soort en deel van de week niet aantoonbaar anders dan elders.", "In kind and part of the week not demonstrably different from elsewhere.";
    NatureAreaParts: "Verdeling over de week", "Spread over the week";
    NatureWeek: "door de week", "Monday to Friday";
    NatureWeekend: "weekend", "weekend";
    NatureNight: "nacht", "night";
    NatureDaytime: "overdag", "daytime";
    NatureEvening: "avond", "evening";
    NatureAreaNoteProtected: "Elk naast alle andere buurten, voor buurten met ten minste 30 meldingen. Nacht is 0–6, overdag 6–18 en avond 18–24 uur; weekend is zaterdag en zondag. Berekend uit beschermde aantallen; waar een aantal niet is getoond, staat –. Aantoonbaar is gecorrigeerd voor alle vakken van deze buurten samen.",
        "Each beside all other neighbourhoods, for those with at least 30 reports. Night is 0–6, daytime 6–18 and evening 18–24 h; the weekend is Saturday and Sunday. Computed from protected counts; – where a count is not shown. Demonstrable is after correction for all cells of these neighbourhoods together.";
    NatureAreaHours: "{name}: meldingen per uur van de week, van maandag boven tot zondag onder en van 0 uur links tot 24 uur rechts",
        "{name}: reports by hour of the week, Monday on top to Sunday below, midnight at the left to midnight at the right";
    NatureAreaNote: "Vlakken: uren van de week (maandag boven, middernacht links); hoe donkerder, hoe meer meldingen. Omlijnd: aantoonbaar vaker dan in de andere buurten, gecorrigeerd voor alle vakken van deze buurten samen (95%-interval van de verhouding tussen haakjes).",
        "Squares: hours of the week (Monday on top, midnight at the left); the darker, the more reports. Framed: demonstrably more often than in the other neighbourhoods, corrected for all cells of these neighbourhoods together (95% interval of the quotient in brackets).";
    NatureRepeatsHere: "De meldingen daar komen van {places} adressen; {share} is een herhaling op hetzelfde adres, en het drukste adres heeft {busiest}.",
        "Reports there come from {places} addresses; {share} repeat an address, and the busiest address has {busiest}.";
    NatureRepeats: "De meldingen komen van {places} adressen; {share} is een herhaling op hetzelfde adres, en het drukste adres heeft {busiest}.",
        "Reports come from {places} addresses; {share} repeat an address, and the busiest address has {busiest}.";
    NatureNote: "▲ vaker en ▼ minder vaak dan elders, ook na correctie voor het aantal vergelijkingen; anders verklaart toeval het verschil.",
        "▲ more and ▼ less often than elsewhere, also after correction for the number of comparisons; else chance explains the difference.";
    NatureProtected: "Berekend uit beschermde aantallen van deze buurten samen; waar een aantal niet is getoond, staat –.",
        "Computed from protected counts of these neighbourhoods together; – where a count is not shown.";
    NatureCityProtected: "Berekend uit beschermde aantallen van de stad; waar een aantal niet is getoond, staat –.",
        "Computed from protected counts of the city; – where a count is not shown.";
    NatureHere: "hier", "here";
    NatureThere: "elders", "elsewhere";
    NatureAll: "hele stad", "whole city";
    NatureCategory: "Soort", "Kind";
    NaturePartOfDay: "Dagdeel", "Part of the day";
    NaturePartOfWeek: "Deel van de week", "Part of the week";
    NatureWeekday: "Weekdag", "Weekday";
    NatureSeason: "Seizoen", "Season";

    // Do the hotspots survive other settings?
    ClustersTitle: "Welke buurten samen?", "Which neighbourhoods together?";
    ClustersNone: "Geen groep buurten bij elkaar heeft samen meer meldingen dan haar inwoners en toeval verklaren.",
        "No group of neighbourhoods close together has more reports together than its people and chance explain.";
    ClustersOne: "Eén groep buurten heeft samen meer meldingen dan haar inwoners en toeval verklaren; de kaartlaag Samen toont haar.",
        "One group of neighbourhoods has more reports together than its people and chance explain; the layer Together shows it.";
    ClustersMany: "{n} groepen buurten hebben samen meer meldingen dan hun inwoners en toeval verklaren; de kaartlaag Samen toont ze.",
        "{n} groups of neighbourhoods have more reports together than their people and chance explain; the layer Together shows them.";
    ClustersNote: "Kulldorffs scan met cirkels tot een kwart van de inwoners; p telt voor de hele kaart, uit {n} kaarten van toeval. De rand van een groep is onzeker: een buurt erin hoeft zelf niet op te vallen.",
        "Kulldorff's scan with circles of up to a quarter of the people; p is for the map as a whole, from {n} maps of chance. The edge of a group is uncertain: a neighbourhood in it need not stand out itself.";
    ClustersSeries: "Er is rekening mee gehouden dat meldingen in reeksen komen.",
        "That reports come in series is taken into account.";
    ClustersProtected: "Berekend uit de gepubliceerde aantallen; waar een aantal niet is getoond, telt een vaste vervanger.",
        "Computed from the published counts; where a count is not shown, a fixed stand-in takes its place.";
    ClusterMembers: "Buurten", "Neighbourhoods";
    ClusterMore: "{names} en nog {n}", "{names} and {n} more";
    ClusterObserved: "Meldingen", "Reports";
    ClusterExpected: "Verwacht", "Expected";
    ClusterRatio: "Binnen / buiten", "Inside / outside";
    ClusterP: "p", "p";
    RepeatTitle: "Volgt de ene melding op de andere?", "Is one report followed by another?";
    RepeatLead: "Binnen een week na een melding volgt op hetzelfde adres {address}, en binnen 100 meter {street}.",
        "Within a week of a report, another at the same address is {address}, and one within 100 metres is {street}.";
    RepeatMore: "{times} keer zo vaak een nieuwe als wanneer plaats en tijd los van elkaar stonden",
        "{times} times as frequent as if place and time had nothing to do with each other";
    RepeatSame: "niet duidelijk vaker een nieuwe dan toeval verklaart", "not clearly more frequent than chance explains";
    RepeatUnknown: "te weinig om iets te zeggen", "too rare to tell";
    RepeatDistance: "Afstand", "Distance";
    RepeatAddress: "zelfde adres", "same address";
    RepeatMetres: "{from}–{to} m", "{from}–{to} m";
    RepeatDays: "{from}–{to} dagen", "{from}–{to} days";
    RepeatNote: "Paren van meldingen, gedeeld door het aantal dat te verwachten is als tijden los van plaatsen staan. ▲: ten minste 1,2 keer zo veel, en dat komt in hooguit 5% van {n} verwisselingen van de tijden voor. De vakken hangen samen: lees de tabel als geheel.",
        "Pairs of reports, divided by the number to be expected if times have nothing to do with places. ▲: at least 1.2 times as many, which happens in at most 5% of {n} exchanges of the times. Cells hang together: read the table as a whole.";
    SteadyTitle: "Houdt het stand?", "Does it hold?";
    SteadyWhat: "Hetzelfde is berekend met {grids} andere rasters, {bandwidths} bandbreedten en {resamples} keer met opnieuw getrokken meldingen. Hieronder per vraag wat overblijft van elke buurt die eruit springt.",
        "The same was computed with {grids} other grids, {bandwidths} bandwidths and {resamples} times with resampled reports. Below, for each question, what remains of every neighbourhood that stands out.";
    SteadyNone: "Er is geen hotspot om na te gaan.", "There is no hotspot to look at again.";
    SteadyGrid: "Rasters", "Grids";
    SteadyBandwidth: "Bandbreedten", "Bandwidths";
    SteadyResampled: "Trekkingen", "Resamples";
    SteadyWhatPublished: "Hetzelfde is {resamples} keer berekend met opnieuw getrokken meldingen, zoveel als er per buurt zijn getoond. Hieronder wat overblijft van elke buurt die eruit springt; de kaartlaag Stabiel toont alle buurten.",
        "The same was computed {resamples} times with resampled reports, as many as are shown for each area. Below, what remains of every neighbourhood that stands out; the map layer Stable shows all of them.";
    SteadyNotePublished: "Stabiel: in ten minste 80% van de trekkingen een hotspot (Gi*); matig: in ten minste de helft; wankel: minder.",
        "Stable: a hotspot (Gi*) in at least 80% of the draws; moderate: in at least half; unstable: in fewer.";
    SteadyNote: "Stabiel: hot in ten minste 80% van de keren; matig: in ten minste de helft; wankel: minder. De drie vragen verschillen: Gi* van de buurten, hete vakken, en een dichte buurt.",
        "Stable: hot in at least 80% of the runs; moderate: in at least half; unstable: in fewer. The three questions differ: Gi* of the areas, hot cells, and a dense area.";
    LabelStable: "stabiel", "stable";
    LabelModerate: "matig", "moderate";
    LabelUnstable: "wankel", "unstable";
    LabelNever: "nooit", "never";

    // Cards
    CardCity: "De stad als geheel", "The city as a whole";
    CardRate: "Is het eigen cijfer hoog voor de {people}?", "Is an area's own rate high for its {people}?";
    CardCluster: "Liggen hoge cijfers bij elkaar?", "Do high values cluster together?";
    FigureHigh: "duidelijk boven de rest van de stad", "clearly above the rest of the city";
    FigureHot: "in een hotspot (Gi*)", "in a hotspot (Gi*)";
    Interval: "95%-interval {interval}", "95% interval {interval}";
    Reports: "{n} meldingen", "{n} reports";
    Unit: "per {per} {people}", "per {per} {people}";
    RateUnit: "meldingen {unit}", "reports {unit}";

    // The map
    MapLabel: "Kaart van {n} buurten. Plus en min zoomen, pijltjes schuiven, 0 toont alles. De tabel bevat dezelfde gegevens.",
        "Map of {n} neighbourhoods. Plus and minus zoom, arrows move, 0 shows all. The table holds the same figures.";
    Layers: "Kaartlaag", "Map layer";
    LayerClass: "Hotspots", "Hotspots";
    LayerCluster: "Samen", "Together";
    LayerSteady: "Stabiel", "Stable";
    LayerRate: "Cijfer", "Rate";
    LayerCount: "Aantal", "Count";
    LayerDensity: "Dichtheid", "Density";
    LayerCells: "Vakken", "Cells";
    ZoomIn: "Inzoomen", "Zoom in";
    ZoomOut: "Uitzoomen", "Zoom out";
    ZoomAll: "Hele kaart", "Whole map";
    North: "N", "N";
    LegendClass: "Ligging van de buurt (Gi*, gecorrigeerd voor het aantal toetsen)",
        "The area and its surroundings (Gi*, corrected for the number of tests)";
    LegendCluster: "Buurten die samen meer meldingen hebben dan hun inwoners verklaren (scan)",
        "Neighbourhoods that together have more reports than their people explain (scan)";
    LegendClusterFirst: "Sterkste groep", "Strongest group";
    LegendClusterOther: "Andere groepen", "Other groups";
    LegendClusterNone: "In geen groep", "In no group";
    LegendSteady: "Hoe vaak een hotspot (Gi*) als de meldingen {n} keer opnieuw worden getrokken",
        "How often a hotspot (Gi*) when the reports are drawn anew {n} times";
    LegendStable: "stabiel: 80% of vaker", "stable: 80% or more";
    LegendModerate: "matig: 50 tot 80%", "moderate: 50 to 80%";
    LegendUnstable: "wankel: minder dan 50%", "unstable: less than 50%";
    LegendNever: "nooit", "never";
    LegendRate: "Meldingen {unit}", "Reports {unit}";
    LegendCount: "Meldingen", "Reports";
    LegendDensity: "Meldingen per km²", "Reports per km²";
    LegendCells: "Vakken van {size} m (Gi* op aantallen)", "Cells of {size} m (Gi* of counts)";
    LegendUndefined: "niet te bepalen", "not defined";
    LegendWithheld: "niet getoond of niet te bepalen", "not shown or not defined";
    LegendFew: "weinig of geen", "few or none";
    LegendHotCell: "hotspot (95% of meer), met genoeg meldingen", "hotspot (95% or more), with enough reports";
    LegendOtherCell: "geen hotspot, of niet getoond", "no hotspot, or not shown";
    LegendHigh: "eigen cijfer duidelijk boven de rest van de stad", "own rate clearly above the rest of the city";
    LegendRank: "plaats in de tabel", "place in the table";
    LegendAbove: "{low} of meer", "{low} or more";
    LegendBelow: "onder {high}", "below {high}";
    LegendNone: "geen melding binnen bereik", "no report in reach";
    Bandwidth: "bandbreedte {metres} m", "bandwidth {metres} m";

    // The table
    TableCaption: "{theme} per buurt, de buurt om eerst naar te kijken bovenaan",
        "{theme} by neighbourhood, the one to look at first on top";
    Search: "Zoek een buurt", "Find a neighbourhood";
    AllColumns: "Alle kolommen", "All columns";
    GroupOwn: "Eigen cijfer", "Own rate";
    GroupAround: "Omgeving", "Surroundings";
    GroupDensity: "Dichtheid", "Density";
    Rank: "Nr.", "No.";
    Neighbourhood: "Buurt", "Neighbourhood";
    Code: "Code", "Code";
    Count: "Meldingen", "Reports";
    Rate: "Cijfer", "Rate";
    FewPeople: "{n} {people}", "{n} {people}";
    RateInterval: "95%-interval", "95% interval";
    Ratio: "T.o.v. rest", "To the rest";
    RateQ: "q cijfer", "q of rate";
    Smoothed: "Gladgestreken", "Smoothed";
    BaselineRate: "Cijfer {baseline}", "Rate {baseline}";
    Change: "Sinds {baseline}", "Since {baseline}";
    ChangeQ: "q verandering", "q of change";
    Class: "Hotspot", "Hotspot";
    Steady: "Stabiel", "Stable";
    Robust: "Hoe dan ook hot", "Hot in any case";
    RobustYes: "ja", "yes";
    RobustMaybe: "mogelijk", "possible";
    RobustNo: "nee", "no";
    HintRobust: "Hoe dan ook hot: ja als de buurt een hotspot is wat de niet-getoonde aantallen ook zijn, mogelijk als dat ervan afhangt, nee als het nooit zo kan zijn.",
        "Hot in any case: yes when the area is a hotspot whatever the counts that are not shown, possible when that depends on them, no when it can never be.";
    GiZ: "Gi* z", "Gi* z";
    Pattern: "Patroon", "Pattern";
    HotSteps: "Stappen hot / koud", "Steps hot / cold";
    HintPattern: "Patroon: de lijn is het aantal meldingen over {steps}; rood eronder waren buurt en omgeving hot, blauw koud.",
        "Pattern: the line is the number of reports over {steps}; red below it the area and its surroundings were hot, blue cold.";
    DensityMean: "Gemiddeld per km²", "Mean per km²";
    DensityPeak: "Hoogste per km²", "Peak per km²";
    Why: "In woorden", "In words";
    Hint: "Cijfer: {unit}. T.o.v. rest: cijfer gedeeld door dat van de rest van de stad. q: p-waarde na correctie voor het aantal toetsen; hoe kleiner, hoe minder toeval het verklaart.",
        "Rate: {unit}. To the rest: rate divided by that of the rest of the city. q: p-value after correction for the number of tests; the smaller, the less chance explains it.";
    Dash: "– betekent: niet te bepalen; wijs het streepje aan voor de reden.",
        "– means: not defined; point at the dash for the reason.";
    NoMatch: "Geen buurt gevonden", "No neighbourhood found";
    Found: "{n} buurten gevonden", "{n} neighbourhoods found";
    SortedBy: "Gesorteerd op {column}", "Sorted by {column}";
    Close: "Sluiten", "Close";

    // Hotspot classes
    ClassHot: "hot {level}%", "hot {level}%";
    ClassCold: "koud {level}%", "cold {level}%";
    ClassNone: "geen patroon", "no pattern";

    // Why a number is not defined
    WhyNoPopulation: "geen bevolkingscijfer gepubliceerd", "no population published";
    WhyZeroPopulation: "er wonen geen mensen", "no people live here";
    WhyNoBaseline: "geen cijfer in de vergelijkingsperiode", "no rate in the baseline period";
    WhyZeroBaseline: "geen meldingen in de vergelijkingsperiode", "no reports in the baseline period";
    WhyNoGi: "geen buren, geen bevolkingscijfer of overal dezelfde waarde",
        "no neighbours, no population, or one value everywhere";
    WhyNoPattern: "geen bevolkingscijfer, of niet getoetst in de laatste stap",
        "no population, or not tested at the last step";
    WhyNoDensity: "er zijn alleen aantallen per buurt, geen plaatsen", "counts by area only, no places";
    WhyWithheld: "niet getoond: te weinig meldingen, hier of in een gebied waaruit dit af te leiden is",
        "not shown: too few reports, here or in an area from which it could be worked out";
    WhyNoRate: "geen vergelijking mogelijk", "no comparison possible";
    CellTip: "Vak van {size} m", "Cell of {size} m";
    DensityShort: "per km²", "per km²";

    // Below
    Warnings: "Kanttekeningen", "Points to know";
    NoWarnings: "Er zijn geen bijzonderheden gevonden in de invoer of de berekening.",
        "Nothing remarkable was found in the input or the calculation.";
    Method: "Hoe dit is berekend", "How this was computed";
    MethodTwo: "Twee vragen, apart beantwoord: een buurt kan een hoog eigen cijfer hebben zonder dat de omgeving hoog is, en andersom.",
        "Two questions, answered apart: an area can have a high rate of its own without high surroundings, and the other way round.";
    MethodRate: "Eigen cijfer: meldingen {unit} over de hele periode, met exact Poisson-interval (95%). Elke buurt is exact vergeleken met de rest van de stad: {n} toetsen, gecorrigeerd volgens Benjamini-Hochberg; duidelijk betekent q ≤ {level}.",
        "Own rate: reports {unit} over the whole period, with an exact Poisson interval (95%). Each area was compared exactly with the rest of the city: {n} tests, corrected after Benjamini-Hochberg; clearly means q ≤ {level}.";
    MethodGi: "Omgeving: Getis-Ord Gi* vergelijkt een buurt en haar buren met de stad: {n} toetsen, gecorrigeerd volgens Benjamini-Hochberg. Hot 99, 95 en 90% betekent q ≤ 0,01, 0,05 en 0,10; een hotspot hier heeft q ≤ {level}.",
        "Surroundings: Getis-Ord Gi* compares an area and its neighbours with the city: {n} tests, corrected after Benjamini-Hochberg. Hot 99, 95 and 90% means q ≤ 0.01, 0.05 and 0.10; a hotspot here has q ≤ {level}.";
    MethodCells: "Vakken: exacte Gi* op {n} vakken van {size} m, met dezelfde correctie.",
        "Cells: exact Gi* of {n} cells of {size} m, with the same correction.";
    MethodDensity: "Dichtheid: {kernel}-kern met een bandbreedte van {metres} m, in meldingen per km².",
        "Density: {kernel} kernel with a bandwidth of {metres} m, in reports per km².";
    MethodDispersion: "Spreiding van de aantallen (variantie gedeeld door gemiddelde, naar bevolking): {value}; door toeval alleen zou dat 1 zijn.",
        "Dispersion of the counts (variance divided by mean, given the populations): {value}; chance alone would make it 1.";
    MethodPattern: "Patroon: Gi* in ruimte en tijd over {steps}, met {back} stap terug in de tijd, ten opzichte van de stad in diezelfde stap en gecorrigeerd over alle buurten en stappen samen (q ≤ {level}). Nieuw: alleen de laatste stap is hot. Doorlopend: één reeks tot nu. Blijvend, toenemend, afnemend: ten minste 90% van de stappen. Wisselend: nu en eerder bij vlagen. Omgeslagen: eerder juist koud. Voormalig: nu niet meer.",
        "Pattern: Gi* in space and time over {steps}, looking back {back} step, against the city of the same step and corrected over all areas and steps together (q ≤ {level}). New: only the last step is hot. Consecutive: one run up to now. Persistent, intensifying, diminishing: at least 90% of the steps. Sporadic: now, and on and off before. Oscillating: cold before. Historical: no longer.";
    MethodOrder: "Volgorde: eerst de hotspotklasse, dan het gladgestreken cijfer, dan het aantal.",
        "Order: hotspot class first, then smoothed rate, then count.";
    Provenance: "Herkomst", "Provenance";
    Rows: "Regels", "Rows";
    RowsLine: "{total} aangeboden = {counted} geteld + {outside} buiten alle buurten + {other} van een ander thema of een andere periode + {rejected} geweigerd",
        "{total} handed in = {counted} counted + {outside} outside every area + {other} of another theme or period + {rejected} rejected";
    Version: "Versie", "Version";
    Seed: "Beginwaarde van het toeval", "Seed";
    Parameters: "Instellingen", "Parameters";
    Inputs: "Invoerbestanden", "Input files";
    InputLine: "{rows} regels, {used} gebruikt, {rejected} niet gebruikt",
        "{rows} rows, {used} used, {rejected} not used";
    NoInputs: "De gegevens zijn uit het geheugen aangeboden, niet uit bestanden.",
        "The data were handed over in memory, not from files.";
    Detail: "Bijzonderheden (Engels):", "Detail:";
    ValueIs: "(waarde {value})", "(value {value})";
}

impl Text {
    /// The text with its `{names}` filled in.
    pub(super) fn with(self, language: Language, values: &[(&str, &str)]) -> String {
        let mut out = String::new();
        let mut rest = self.text(language);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                break;
            };
            if let Some((_, value)) = values.iter().find(|(n, _)| *n == name) {
                out.push_str(value);
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// The Dutch name of a weekday, a season or a part of the day.
pub(super) fn facet_in_dutch(name: &str) -> Option<&'static str> {
    Some(match name {
        "Monday" => "maandag",
        "Tuesday" => "dinsdag",
        "Wednesday" => "woensdag",
        "Thursday" => "donderdag",
        "Friday" => "vrijdag",
        "Saturday" => "zaterdag",
        "Sunday" => "zondag",
        "winter" => "winter",
        "spring" => "lente",
        "summer" => "zomer",
        "autumn" => "herfst",
        "night" => "nacht (0–6 uur)",
        "morning" => "ochtend (6–12 uur)",
        "afternoon" => "middag (12–18 uur)",
        "evening" => "avond (18–24 uur)",
        "weekday night" => "doordeweekse nacht (0–6 uur)",
        "weekday daytime" => "door de week overdag (6–18 uur)",
        "weekday evening" => "doordeweekse avond (18–24 uur)",
        "weekend night" => "weekendnacht (0–6 uur)",
        "weekend daytime" => "weekend overdag (6–18 uur)",
        "weekend evening" => "weekendavond (18–24 uur)",
        _ => return None,
    })
}

/// A warning of this kind in one Dutch sentence.
pub(super) fn warning_in_dutch(code: WarningCode) -> &'static str {
    match code {
        WarningCode::DuplicateId => {
            "Verschillende regels hebben hetzelfde kenmerk; ze zijn alle geteld."
        }
        WarningCode::SingleLocationShare => {
            "Een groot deel van de meldingen ligt op één plek, mogelijk een standaardadres."
        }
        WarningCode::SharedPlaces => {
            "Veel meldingen liggen op dezelfde plek als een andere, zoals bij plaatsing op adressen."
        }
        WarningCode::RejectedRows => "Een deel van de regels is geweigerd en telt niet mee.",
        WarningCode::OutsideAllAreas => "Een deel van de meldingen ligt buiten alle buurten.",
        WarningCode::OverlappingAreas => "Sommige buurten overlappen elkaar.",
        WarningCode::GapsBetweenAreas => "Tussen sommige buurten zitten gaten.",
        WarningCode::Islands => "Sommige buurten hebben geen buren.",
        WarningCode::TooFewIncidents => "Er zijn te weinig meldingen voor stevige uitspraken.",
        WarningCode::Overdispersion => {
            "De aantallen lopen verder uiteen dan toeval verklaart; intervallen en p-waarden zijn \
             daardoor te gunstig."
        }
        WarningCode::ZeroVariance => "Alle waarden zijn gelijk; er is niets te vergelijken.",
        WarningCode::NormalApproximation => {
            "Er is een normale benadering gebruikt waar die niet goed past."
        }
        WarningCode::PResolutionInsufficient => {
            "Er zijn te weinig permutaties om na correctie nog iets te kunnen vinden."
        }
        WarningCode::ExactFellBack => {
            "De exacte berekening was te groot; een andere methode is gebruikt."
        }
        WarningCode::MissingPopulation => {
            "Van sommige buurten is geen bevolkingscijfer gepubliceerd; zij hebben geen cijfer."
        }
        WarningCode::AreaVintage => "Het is niet bekend van welk jaar deze buurtindeling is.",
        WarningCode::PopulationYear => {
            "Meldingen en bevolkingscijfers zijn niet van hetzelfde jaar; bij de vergelijking staat van welk jaar ze zijn."
        }
        WarningCode::Bandwidth => {
            "De bandbreedte past niet goed bij de vakgrootte of bij de grootte van het gebied."
        }
        WarningCode::Radii => "De afstanden zijn groot naast het gebied.",
        WarningCode::Times => "Sommige tijden ontbreken of zijn niet eenduidig.",
        WarningCode::RepairedGeometry => "Sommige grenzen zijn hersteld.",
        WarningCode::UnusualPeriod => {
            "Een van de perioden raakt maart 2020 tot februari 2022, toen door de coronamaatregelen anders werd gemeld dan gewoonlijk."
        }
        WarningCode::FewSteps => {
            "Er zijn weinig tijdstappen; patronen en trends zeggen dan weinig."
        }
        WarningCode::PartialSteps => {
            "De gegevens beslaan sommige tijdstappen niet helemaal; hun aantallen zijn te laag."
        }
        WarningCode::Provisional => {
            "Sommige cijfers zijn voorlopig of nader voorlopig: de bron kan ze nog wijzigen."
        }
        WarningCode::Feedback => {
            "Sommige incidenten zijn door de politie zelf gevonden; wat zij vindt hangt af van waar zij kijkt."
        }
        WarningCode::Input => "Er is iets bijzonders aan de invoer.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_fill_in_the_same_names() {
        let names = |text: &str| {
            let mut found: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|part| part.split_once('}').map(|(name, _)| name.to_owned()))
                .collect();
            found.sort();
            found
        };
        for &key in Text::ALL {
            let (dutch, english) = (key.text(Language::Dutch), key.text(Language::English));
            assert_eq!(names(dutch), names(english), "{key:?}");
            assert!(!dutch.is_empty() && !english.is_empty(), "{key:?}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_filled_in_again() {
        let text = Text::Reports.with(Language::English, &[("n", "{n} <b>{p}")]);
        assert_eq!(text, "{n} <b>{p} reports");
    }
}
