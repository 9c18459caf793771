//! What outlives a server, and what two servers on one folder agree on.

use practice::{Fault, Lasting, Person};

use crate::house::*;

#[tokio::test]
async fn tokens_people_and_faults_outlive_the_server() {
    let house = House::new();
    let first = house.practice().await;
    let (access, token) = tokens(&first).await;
    let code = code(&first, &[]).await;
    first.put_person(&Person { id: "1004".to_owned(), name: "Bo Ek".to_owned(), ..Person::default() }).unwrap();
    first.set_fault(Fault::NoRefreshToken, Lasting::Times(5)).unwrap();
    let before = first.address();
    first.stop().await;
    assert!(tokio::net::TcpStream::connect(before).await.is_err(), "the port is free again");

    let second = house.practice().await;
    assert!(opens(&second, &access).await);
    assert_eq!(redeem(&second, &code, &[]).await.status, 200);
    assert_eq!(second.faults().unwrap(), [(Fault::NoRefreshToken, Lasting::Times(4))]);
    assert_eq!(second.people().unwrap().len(), 4);
    assert_eq!(refresh(&second, &token, &[]).await.status, 200);
    refresh(&second, &token, &[]).await.expect_error(400, "invalid_grant");
}

#[tokio::test]
async fn two_servers_agree() {
    let house = House::new();
    let (one, other) = (house.practice().await, house.practice().await);
    assert_eq!(one.people().unwrap(), other.people().unwrap());
    let (access, token) = tokens(&one).await;
    assert!(opens(&other, &access).await);
    let answers = tokio::join!(refresh(&one, &token, &[]), refresh(&other, &token, &[]));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400], "a refresh token counts once, wherever it is shown");
    let code = code(&one, &[]).await;
    let answers = tokio::join!(redeem(&one, &code, &[]), redeem(&other, &code, &[]));
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
}

#[tokio::test]
async fn stage_is_set_before_a_server_runs() {
    let house = House::new();
    let store = house.store();
    assert_eq!(practice::people(&store).unwrap().len(), 3);
    practice::set_fault(&store, &Fault::Slow { ms: 7 }, true).unwrap();
    practice::set_fault(&store, &Fault::Deny, true).unwrap();
    practice::set_fault(&store, &Fault::Deny, false).unwrap();
    assert_eq!(practice::faults(&store).unwrap(), [Fault::Slow { ms: 7 }]);
    assert_eq!(house.practice().await.faults().unwrap(), [(Fault::Slow { ms: 7 }, Lasting::Always)]);
}

#[tokio::test]
async fn taken_port_is_an_error() {
    let house = House::new();
    let first = house.practice().await;
    let taken = first.address().port();
    assert_eq!(first.base(), format!("http://127.0.0.1:{taken}"));
    let clock: store::Clock = std::sync::Arc::new(jiff::Timestamp::now);
    let dir = tempfile::tempdir().unwrap();
    let keychain = std::sync::Arc::new(store::MemoryKeychain::new());
    let config = store::Config { data_dir: dir.path().to_owned(), keychain, clock: clock.clone() };
    let store = store::Store::open(config).unwrap();
    let setup = practice::Setup { store, clock, port: taken };
    assert_eq!(practice::start(setup).await.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
}
