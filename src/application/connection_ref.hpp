#pragma once

#include "websocket/session.hpp"

#include <coroom/framing.hpp>

#include <boost/asio/post.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace coroom::detail::application {

/// The way from any thread to a session, for as long as there is one.
class ConnectionRef : public std::enable_shared_from_this<ConnectionRef> {
 public:
  explicit ConnectionRef(websocket::Session& session)
      : framing(session.framing()), shard_(session.shard()), session_(&session) {}

  const Framing framing;  ///< of the session

  /// Has `work`, a call with the session, done on the session's shard; false if the session is at its end.
  template <class Work>
  bool post(Work work) {
    // The shard runs until the last of its sessions is cut off, which has to wait for the lock.
    const std::lock_guard<std::mutex> lock(mutex_);
    if (session_ == nullptr) return false;
    boost::asio::post(shard_.executor(), [self = shared_from_this(), work = std::move(work)]() mutable {
      if (self->session_ != nullptr) work(*self->session_);
    });
    return true;
  }

  /// The session ends. On its shard.
  void cut() {
    const std::lock_guard<std::mutex> lock(mutex_);
    session_ = nullptr;
  }

 private:
  net::Shard& shard_;
  std::mutex mutex_;
  websocket::Session* session_;  // changes on its shard, under the lock
};

}  // namespace coroom::detail::application
