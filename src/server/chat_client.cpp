#include "server/chat_client.hpp"

#include "protocol/chat_lines.hpp"

#include <coroom/log.hpp>

#include <utility>

namespace coroom::server {

ChatClient::ChatClient(Application& application, ConnectionHandle connection, SharedClientInfo info,
                       std::shared_ptr<const ChatSettings> settings)
    : application_(application),
      connection_(std::move(connection)),
      info_(std::move(info)),
      settings_(std::move(settings)) {}

std::string ChatClient::rejection(std::string_view why) const {
  std::string line;
  detail::protocol::append_line_head(line, *info_, settings_->addresses, application_.clock().now());
  return line.append(detail::protocol::refused).append(why);
}

void ChatClient::count_too_fast(std::string_view limit) {
  application_.counters().add(Counter::messages_refused);
  if (!std::exchange(logged_, true)) log_limit(limit);
}

void ChatClient::count_limit(Counter counter, std::string_view limit) {
  application_.counters().add(counter);
  log_limit(limit);
}

void ChatClient::notify_of(const Error& failure) {
  if (failure.code == Errc::too_fast) {
    count_too_fast("published bytes");
    connection_.write_message(rejection(detail::protocol::too_soon));
  } else {
    application_.counters().add(Counter::publications_failed);
    connection_.write_message(rejection(detail::protocol::not_stored));
  }
}

void ChatClient::log_limit(std::string_view limit) const {
  logging::info("limit exceeded", {{"peer", info_->address}, {"user", info_->user}, {"limit", limit}});
}

}  // namespace coroom::server
