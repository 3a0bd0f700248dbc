#pragma once

#include "net/shard.hpp"

#include <coroom/framing.hpp>

#include <boost/asio/post.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace coroom::detail::application {

class Session;

/// A reference to a session for any thread, which may outlive the session.
class ConnectionRef : public std::enable_shared_from_this<ConnectionRef> {
 public:
  ConnectionRef(Session& session, net::Shard& shard, const Framing& of_session)
      : framing(of_session), shard_(shard), session_(&session) {}

  const Framing framing;  ///< of the session

  /// Calls `work` with the session, on the session's shard. Returns false if the session has ended.
  template <class Work>
  bool post(Work work) {
    // The shard runs until its last session is cut off, and cut() waits for this lock.
    const std::lock_guard<std::mutex> lock(mutex_);
    if (session_ == nullptr) return false;
    boost::asio::post(shard_.executor(), [self = shared_from_this(), work = std::move(work)]() mutable {
      if (self->session_ != nullptr) work(*self->session_);
    });
    return true;
  }

  /// Detaches the session when it ends. Must be called on its shard.
  void cut() {
    const std::lock_guard<std::mutex> lock(mutex_);
    session_ = nullptr;
  }

 private:
  net::Shard& shard_;
  std::mutex mutex_;
  Session* session_;  // changed on its shard, under the lock
};

}  // namespace coroom::detail::application
