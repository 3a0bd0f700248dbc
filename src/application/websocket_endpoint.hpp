#pragma once

#include "application/connection_ref.hpp"
#include "core/owned_tasks.hpp"
#include "websocket/session.hpp"

#include <coroom/connection_handle.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/websocket_handler.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::application {

/// The connection between a program's handler and its session.
class WebSocketEndpoint final : public websocket::Handler {
 public:
  explicit WebSocketEndpoint(WebSocketHandler& handler) : handler_(handler) {}
  WebSocketEndpoint(const WebSocketEndpoint&) = delete;
  WebSocketEndpoint& operator=(const WebSocketEndpoint&) = delete;

  /// Detaches the handle: if memory is short, on_close() may not have been called.
  ~WebSocketEndpoint() override {
    if (ref_) ref_->cut();
  }

  static WebSocketEndpoint& of(const WebSocketHandler& handler) { return *handler.endpoint_; }

  /// Lets the handler select a subprotocol, and stores the selection.
  const std::optional<std::string>& choose_subprotocol();

  task<> open(websocket::Session& session) override;
  task<> on_message(Message message) override;
  task<> on_too_fast(Message message) override;
  task<> join() override;
  task<> on_close(Disconnect how) override;
  void on_control(websocket::Opcode kind, std::string_view payload) override;
  void on_dropped(std::size_t bytes) override;

  task<Result<>> write(Message::Kind kind, std::string_view data);
  Result<> push(Message::Kind kind, std::string_view data);

  /// Sends a reply that costs more than its command, as Session::write_reply() does. Releases `text` before
  /// it waits.
  task<bool> write_reply(std::string text);
  Result<> close(Disconnect disconnect);
  Result<> ping(std::string_view data);
  ConnectionHandle connection();
  void spawn(task<> work);

  [[nodiscard]] websocket::Session* session() const { return session_; }

  /// Throws std::logic_error before open().
  [[nodiscard]] websocket::Session& begun() const;

  /// Throws std::logic_error before open(), and from on_close() on.
  [[nodiscard]] websocket::Session& running() const;
  [[nodiscard]] const std::optional<Disconnect>& end() const { return end_; }
  [[nodiscard]] const std::optional<std::string>& subprotocol() const { return subprotocol_; }

 private:
  bool spawn_owned(task<> work);
  task<> notify_of_dropped();

  WebSocketHandler& handler_;
  websocket::Session* session_ = nullptr;  // from open() on
  std::shared_ptr<ConnectionRef> ref_;     // set by the first connection()
  std::unique_ptr<OwnedTasks> tasks_;      // set by the first spawn()
  std::size_t dropped_bytes_ = 0;          // that the handler has not been notified of
  bool notifies_ = false;                  // notify_of_dropped() is pending
  std::optional<Disconnect> end_;
  std::optional<std::string> subprotocol_;
};

}  // namespace coroom::detail::application
