//! OA-10: disconnecting works without the provider.

use connect::Revoked;

use crate::house::{House, entry, sign_in, token};
use crate::server::{Server, raw, usual};

#[tokio::test]
async fn oa_10_disconnecting_offline_deletes_here_and_says_so() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    drop(server);
    tokio::task::yield_now().await;
    let deleted = connect.delete_token(Some(&entry), entry.bot, &id).await.unwrap();
    assert!(deleted.existed && matches!(deleted.revoked, Revoked::Failed { .. }), "{deleted:?}");
    assert_eq!(token(&connect, &entry, &id).await, None);
    assert!(store.connections(entry.bot).unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_revocation_deletes_all_the_same() {
    let (house, server) = (House::new(), Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let entry = entry(&store, &server);
    server.script(|seen, number| if seen.path == "/revoke" { raw(503, "") } else { usual(seen, number) });
    let deleted = connect.delete_token(Some(&entry), entry.bot, &id).await.unwrap();
    assert!(deleted.existed && matches!(deleted.revoked, Revoked::Failed { .. }), "{deleted:?}");
}

#[tokio::test]
async fn nothing_is_revoked_without_an_entry_or_at_changed_addresses() {
    let (house, server, other) = (House::new(), Server::new().await, Server::new().await);
    let (connect, store) = house.process();
    let id = sign_in(&connect, entry(&store, &server)).await;
    let pulled = crate::house::with(entry(&store, &server), |block| block.revoke_url = Some(other.at("/revoke")));
    let deleted = connect.delete_token(Some(&pulled), pulled.bot, &id).await.unwrap();
    assert!(deleted.existed && matches!(deleted.revoked, Revoked::Failed { .. }));
    let id = sign_in(&connect, entry(&store, &server)).await;
    assert!(connect.delete_token(None, pulled.bot, &id).await.unwrap().existed);
    assert!(other.seen("/revoke").is_empty() && server.seen("/revoke").is_empty());
}
