#pragma once

#include "server/chat.hpp"

#include <coroom/application.hpp>
#include <coroom/client_info.hpp>
#include <coroom/clock.hpp>
#include <coroom/connection_handle.hpp>
#include <coroom/counters.hpp>
#include <coroom/error.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace coroom::server {

/// One client of the plain chat, and the notices that it gets of messages that were not delivered. A room may
/// complete a publication after the handler has ended, so the completion shares it. Used on the connection's
/// thread. The application outlives it.
class ChatClient {
 public:
  ChatClient(Application& application, ConnectionHandle connection, SharedClientInfo info,
             std::shared_ptr<const ChatSettings> settings);

  /// Returns the line that states why a message was not delivered.
  [[nodiscard]] std::string rejection(std::string_view why) const;

  /// Counts a message that was too fast, and logs the first.
  void count_too_fast(std::string_view limit);

  /// Counts an event, and logs the limit that caused it.
  void count_limit(Counter counter, std::string_view limit);

  /// Notifies the client that a room could not publish its message.
  void notify_of(const Error& failure);

 private:
  void log_limit(std::string_view limit) const;

  Application& application_;
  ConnectionHandle connection_;
  SharedClientInfo info_;
  std::shared_ptr<const ChatSettings> settings_;
  bool logged_ = false;  // a rate limit was logged
};

}  // namespace coroom::server
