//! The service of `examples/service` as its clients meet it: over a socket, many at once, some of
//! whom leave before the answer.

#![cfg(feature = "report")]

#[path = "../examples/service/server/mod.rs"]
mod server;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use brandpunt::publish::Disclosure;
use brandpunt::synthetic::SyntheticCity;
use brandpunt::{Crs, Error};
use peak_alloc::PeakAlloc;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use server::{City, Jobs, Live, Service};

/// Longer than anything here takes on a busy machine; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(300);

/// What the clock of the live window shows: 2024-12-31.
const NOW: i64 = 1_735_600_000;

/// What is in use, whatever the allocator keeps for later.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One test at a time, because one of them watches the memory of the process.
static ALONE: Mutex<()> = Mutex::const_new(());

fn city(incidents: usize, areas: usize) -> Arc<City> {
    let made = SyntheticCity::new(incidents)
        .seed(8)
        .neighbourhoods(areas)
        .build()
        .expect("a city can be made");
    let rules = Disclosure::cbs5();
    Arc::new(City::new(
        made.incidents,
        made.neighbourhoods,
        Some(2017),
        rules,
    ))
}

/// A service on a port of its own.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Running {
    async fn start(city: Arc<City>, at_once: usize, waiting: usize) -> Self {
        let open = |of: &City| Live::new(&of.areas, &of.incidents, || NOW);
        // A city in degrees has no window; what is asked of it is asked beside another's.
        let live = open(&city).or_else(|_| open(&self::city(100, 10)));
        let live = live.expect("a window opens");
        let service = Service {
            live: Arc::new(live),
            city,
            jobs: Jobs::new(at_once, waiting),
        };
        let jobs = service.jobs.clone();
        // A job that only ends when it is stopped.
        let endless = move || async move {
            let work = jobs.run::<()>(|workers| {
                loop {
                    workers.job().check()?;
                    std::thread::sleep(Duration::from_millis(1));
                }
            });
            work.await.map(|()| "never")
        };
        let routes = server::routes(service).merge(Router::new().route("/endless", get(endless)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(async move {
            axum::serve(listener, routes)
                .with_graceful_shutdown(async {
                    stopped.await.ok();
                })
                .await
                .expect("it serves to its end");
        });
        Self {
            address,
            stop,
            ended,
        }
    }

    /// The account of jobs once `enough` is true of it.
    async fn jobs(&self, enough: impl Fn(&dyn Fn(&str) -> u64) -> bool) -> Value {
        let seen = async {
            loop {
                let jobs = get_json(self.address, "/health").await.1["jobs"].take();
                if enough(&|name| jobs[name].as_u64().expect("a number")) {
                    return jobs;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(PATIENCE, seen)
            .await
            .expect("the jobs come to that")
    }
}

/// Asks and leaves the answer to be read.
async fn ask(address: SocketAddr, method: &str, path: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.expect("it listens");
    let request = format!("{method} {path} HTTP/1.1\r\nHost: city\r\nConnection: close\r\n\r\n");
    let sent = socket.write_all(request.as_bytes()).await;
    sent.expect("it takes the question");
    socket
}

/// Sends JSON and gives the answer.
async fn send(address: SocketAddr, path: &str, body: &Value) -> (u16, Value) {
    let body = body.to_string();
    let mut socket = TcpStream::connect(address).await.expect("it listens");
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: city\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let sent = socket.write_all(request.as_bytes()).await;
    sent.expect("it takes the report");
    let (status, _, body) = answer(socket).await;
    (status, serde_json::from_str(&body).expect("it is JSON"))
}

/// Status, head and body.
async fn answer(mut socket: TcpStream) -> (u16, String, String) {
    let mut text = String::new();
    let read = timeout(PATIENCE, socket.read_to_string(&mut text));
    read.await
        .expect("an answer in time")
        .expect("an answer in text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    (
        status.expect("a status"),
        head.to_lowercase(),
        body.to_owned(),
    )
}

async fn get_json(address: SocketAddr, path: &str) -> (u16, Value) {
    let (status, head, body) = answer(ask(address, "GET", path).await).await;
    assert!(head.contains("content-type: application/json"), "{head}");
    (status, serde_json::from_str(&body).expect("it is JSON"))
}

/// Asks all `questions` by `clients` at once; the answers in order of the questions.
async fn load(address: SocketAddr, questions: &[String], clients: usize) -> Vec<(u16, String)> {
    let mut at_work = JoinSet::new();
    for client in 0..clients {
        let own: Vec<(usize, String)> = questions
            .iter()
            .cloned()
            .enumerate()
            .skip(client)
            .step_by(clients)
            .collect();
        at_work.spawn(async move {
            let mut answers = Vec::new();
            for (place, path) in own {
                let (status, _, body) = answer(ask(address, "GET", &path).await).await;
                answers.push((place, (status, body)));
            }
            answers
        });
    }
    let mut all: Vec<_> = at_work.join_all().await.into_iter().flatten().collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, answer)| answer).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn under_load_every_answer_is_the_same_and_memory_stays() {
    let _alone = ALONE.lock().await;
    let service = Running::start(city(3_000, 40), 2, 64).await;
    let address = service.address;
    let tile = a_tile(address).await;
    let paths = [
        "/hotspots/youth_nuisance".to_owned(),
        "/hotspots/housing_nuisance?level=0.1&language=nl".to_owned(),
        tile,
        "/hotspots/youth_crime?level=0.01".to_owned(),
    ];
    let questions: Vec<String> = paths.iter().cycle().take(100).cloned().collect();
    let first = load(address, &paths, 1).await;
    let mut before = 0;
    for round in 0..4 {
        for (path, answer) in questions.iter().zip(load(address, &questions, 16).await) {
            assert_eq!(answer.0, 200, "{path}: {}", answer.1);
            let place = paths.iter().position(|p| p == path).unwrap();
            assert!(answer == first[place], "{path} is answered otherwise");
        }
        // The first round makes what is kept: the density, and what threads hold.
        if round == 0 {
            service.jobs(|now| now("running") == 0).await;
            before = MEMORY.current_usage();
        }
    }
    let jobs = service.jobs(|now| now("running") == 0).await;
    for name in ["waiting", "cancelled", "failed", "refused"] {
        assert_eq!(jobs[name], 0, "{name}");
    }
    // Three of four questions are jobs, and one more made the density.
    assert_eq!(jobs["done"], 3 * 101 + 1);
    // 300 answers of some 60 kB, were they kept, would be 18 MB, and their tables more.
    let after = MEMORY.current_usage();
    assert!(
        after < before + 2_000_000,
        "memory in use grew from {before} to {after} bytes"
    );
}

/// The address of a tile that lies in the city.
async fn a_tile(address: SocketAddr) -> String {
    let (status, beside) = get_json(address, "/density/youth_nuisance/0/0").await;
    assert_eq!(status, 404);
    let text = beside["error"]["message"].as_str().expect("a reason");
    let numbers: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|t| !t.is_empty())
        .collect();
    format!("/density/youth_nuisance/{}/{}", numbers[0], numbers[2])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_takes_its_job_along() {
    let _alone = ALONE.lock().await;
    let service = Running::start(city(400_000, 40), 2, 64).await;
    for (already, path) in ["/endless", "/hotspots/youth_nuisance"].iter().enumerate() {
        let left = ask(service.address, "GET", path).await;
        service.jobs(|now| now("running") == 1).await;
        drop(left);
        let jobs = service.jobs(|now| now("running") == 0).await;
        assert_eq!(jobs["cancelled"], already as u64 + 1, "{path}: {jobs}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_queue_leaves_no_trace_and_whom_it_cannot_hold_is_told() {
    let _alone = ALONE.lock().await;
    let service = Running::start(city(500, 20), 1, 1).await;
    let running = ask(service.address, "GET", "/endless").await;
    service.jobs(|now| now("running") == 1).await;
    let waiting = ask(service.address, "GET", "/endless").await;
    service.jobs(|now| now("waiting") == 1).await;

    let third = ask(service.address, "GET", "/hotspots/youth_nuisance").await;
    let (status, head, body) = answer(third).await;
    assert_eq!(status, 503);
    assert!(head.contains("retry-after: 1") && body.contains(r#""code":"busy""#));

    drop(waiting);
    service.jobs(|now| now("waiting") == 0).await;
    drop(running);
    let jobs = service.jobs(|now| now("running") == 0).await;
    assert_eq!(
        (&jobs["cancelled"], &jobs["refused"]),
        (&1.into(), &1.into())
    );

    let (status, _) = get_json(service.address, "/hotspots/youth_nuisance").await;
    assert_eq!(status, 200, "the slot is free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_has_a_status_and_a_reason() {
    let _alone = ALONE.lock().await;
    let service = Running::start(city(500, 20), 2, 8).await;
    let cases = [
        ("GET", "/", 404, "nowhere"),
        ("GET", "/hotspots/graffiti", 404, "nowhere"),
        ("GET", "/hotspots/all", 404, "nowhere"),
        ("POST", "/hotspots/youth_nuisance", 405, "read_only"),
        (
            "GET",
            "/hotspots/youth_nuisance?level=half",
            400,
            "question",
        ),
        (
            "GET",
            "/hotspots/youth_nuisance?period=2019",
            400,
            "question",
        ),
        (
            "GET",
            "/hotspots/youth_nuisance?level=0.7",
            400,
            "parameter",
        ),
        (
            "GET",
            "/hotspots/youth_nuisance?language=fr",
            400,
            "parameter",
        ),
        ("GET", "/density/youth_nuisance/x/0", 400, "question"),
        ("GET", "/density/youth_nuisance/0/0", 404, "nowhere"),
    ];
    for (method, path, status, code) in cases {
        let got = answer(ask(service.address, method, path).await).await;
        let body: Value = serde_json::from_str(&got.2).unwrap();
        assert_eq!(
            (got.0, &body["error"]["code"]),
            (status, &code.into()),
            "{path}"
        );
        assert!(
            body["error"]["message"].as_str().unwrap().len() > 20,
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_without_an_answer_and_defects_are_told_apart() {
    let _alone = ALONE.lock().await;
    let made = SyntheticCity::new(500)
        .seed(8)
        .neighbourhoods(20)
        .build()
        .unwrap();
    let rules = Disclosure::cbs5();
    let degrees = City::new(
        made.incidents.to_crs(Crs::WGS84).unwrap(),
        made.neighbourhoods.to_crs(Crs::WGS84).unwrap(),
        None,
        rules,
    );
    let service = Running::start(Arc::new(degrees), 1, 8).await;
    let (status, body) = get_json(service.address, "/hotspots/youth_nuisance").await;
    assert_eq!((status, &body["error"]["code"]), (422, &"crs".into()));
    let told = service.jobs(|now| now("running") == 0).await;
    assert_eq!(told["failed"], 1);

    let jobs = Jobs::new(1, 1);
    let defect = jobs
        .run::<()>(|_| Err(Error::internal("/srv/secret/path")))
        .await;
    let response = axum::response::IntoResponse::into_response(defect.unwrap_err());
    assert_eq!(response.status(), 500);
    let body = axum::body::to_bytes(response.into_body(), 1000)
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(&body).contains("secret"));

    let defect = jobs.run::<()>(|_| panic!("a defect")).await;
    let response = axum::response::IntoResponse::into_response(defect.unwrap_err());
    assert_eq!(response.status(), 500);
    assert_eq!(jobs.account()["running"], 0, "its slot is free");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_tiles_together_are_the_published_density() {
    let _alone = ALONE.lock().await;
    let city = city(5_000, 60);
    let service = Running::start(Arc::clone(&city), 2, 8).await;
    let theme = brandpunt::Theme::housing_nuisance();
    let workers = brandpunt::Workers::new(1).unwrap();
    let published = city.hotspots(theme, 0.05, &workers).unwrap();
    let surface = published.result().surface.as_ref().unwrap();
    let classes = published.result().protection.as_ref().unwrap();
    let classes = classes.classes.as_ref().unwrap();
    let (grid, bounds) = (surface.grid(), surface.grid().bounds());

    let span = 32.0 * grid.cell_size();
    let tiles =
        |low: f64, high: f64| (low / span).floor() as i64..=((high / span).ceil() as i64 - 1);
    let mut found = 0;
    for column in tiles(bounds.min_x, bounds.max_x) {
        for row in tiles(bounds.min_y, bounds.max_y) {
            let path = format!("/density/housing_nuisance/{column}/{row}");
            let (status, tile) = get_json(service.address, &path).await;
            assert_eq!(status, 200, "{tile}");
            let labels = tile["labels"].as_array().unwrap().len();
            for (i, cells) in tile["cells"].as_array().unwrap().iter().enumerate() {
                for (j, cell) in cells.as_array().unwrap().iter().enumerate() {
                    let x = column as f64 * span + (j as f64 + 0.5) * grid.cell_size();
                    let y = (row + 1) as f64 * span - (i as f64 + 0.5) * grid.cell_size();
                    let class = grid
                        .cell_of(x, y)
                        .and_then(|place| classes.class_of(surface.values()[place]));
                    assert_eq!(cell.as_u64(), class.map(|c| c as u64));
                    assert!(class.is_none_or(|c| c < labels));
                    found += usize::from(class.is_some());
                }
            }
        }
    }
    let defined = surface.values().iter().filter(|v| !v.is_nan()).count();
    assert_eq!(found, defined, "every cell of the city is in one tile");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_shutdown_answers_under_way_are_given() {
    let _alone = ALONE.lock().await;
    let service = Running::start(city(3_000, 40), 2, 8).await;
    let address = service.address;
    let under_way = ask(address, "GET", "/hotspots/youth_nuisance").await;
    service.jobs(|now| now("running") + now("done") == 1).await;
    service.stop.send(()).unwrap();
    let (status, ..) = answer(under_way).await;
    assert_eq!(status, 200);
    timeout(PATIENCE, service.ended)
        .await
        .expect("it ends")
        .unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
}

/// Reports come in from many clients while others look: every report counts once, no picture is
/// older than one seen before, and in the end it is that of the batch.
#[tokio::test(flavor = "multi_thread")]
async fn reports_come_in_while_others_look() {
    const CLIENTS: usize = 6;
    const EACH: usize = 40;
    let _alone = ALONE.lock().await;
    let city = city(2_000, 30);
    let service = Running::start(Arc::clone(&city), 2, 64).await;
    let address = service.address;
    let mut all = JoinSet::new();
    for client in 0..CLIENTS {
        let city = Arc::clone(&city);
        all.spawn(async move {
            let mut last = 0;
            for k in 0..EACH {
                // In a block of cells, so that their surroundings stand out.
                let bounds = city.areas.bounds();
                let x = 0.5 * (bounds.min_x + bounds.max_x) + 100.0 * (k % 5) as f64;
                let y = 0.5 * (bounds.min_y + bounds.max_y) + 100.0 * client as f64;
                let report = serde_json::json!({ "x": x, "y": y, "second": NOW - k as i64 });
                let (status, told) = send(address, "/live/incidents", &report).await;
                assert_eq!(status, 200, "{told}");
                if k % 8 == client {
                    let (status, seen) = get_json(address, "/live").await;
                    assert_eq!(status, 200, "{seen}");
                    let changes = seen["changes"].as_u64().expect("a number");
                    assert!(changes > last);
                    last = changes;
                }
            }
        });
    }
    while let Some(ended) = all.join_next().await {
        ended.expect("no client fails");
    }
    let (_, seen) = get_json(address, "/live").await;
    assert_eq!(seen["changes"], (CLIENTS * EACH) as u64);
    let alarms = seen["alarms"].as_array().map(Vec::len);
    assert!(alarms.is_some_and(|n| (1..5).contains(&n)), "{seen}");
    let hot = seen["hot_cells"].as_array().expect("a list");
    assert!(hot.iter().any(|cell| cell["class"] == 3), "{seen}");

    let late = serde_json::json!({ "x": 1.0, "y": 2.0, "second": NOW + 60 });
    let (status, told) = send(address, "/live/incidents", &late).await;
    assert_eq!(
        (status, &told["error"]["code"]),
        (422, &"rejected_row".into()),
        "{told}"
    );
    let none = serde_json::json!({ "x": 1.0 });
    let (status, told) = send(address, "/live/incidents", &none).await;
    assert_eq!(
        (status, &told["error"]["code"]),
        (400, &"question".into()),
        "{told}"
    );
}
