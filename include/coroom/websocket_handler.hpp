#pragma once

#include <coroom/compression.hpp>
#include <coroom/connection_handler.hpp>
#include <coroom/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom {

namespace detail::application {
class Dispatcher;
}

/// One WebSocket connection of a route: a program derives from it and overrides on_message() and what else it
/// needs (Tornado: WebSocketHandler). ConnectionHandler has what it shares with streams.
class WebSocketHandler : public ConnectionHandler {
 public:
  /// Called with the payload of a ping of the client, which is answered already, or of its pong; 125 bytes at
  /// most. Must not wait (Tornado: on_ping, on_pong).
  ///@{
  virtual void on_ping(std::string_view /*data*/) {}
  virtual void on_pong(std::string_view /*data*/) {}
  ///@}

  /// Returns one of the subprotocols that the client offers, its favourite first; nullopt, by default, for
  /// none (RFC 6455 section 1.9).
  virtual std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered);

  /// Returns the options of permessage-deflate for clients that ask for it (RFC 7692); nullopt, by default:
  /// no message is compressed.
  [[nodiscard]] virtual std::optional<CompressionOptions> get_compression_options() const;

  /// Return settings of this connection; by default those of the application.
  [[nodiscard]] virtual std::chrono::milliseconds ping_interval() const;  ///< 0: no pings
  [[nodiscard]] virtual std::chrono::milliseconds ping_timeout() const;   ///< 0: as long as the interval

 protected:
  /// Sends a ping with at most 125 bytes. Errors: Errc::invalid_argument, Errc::not_open, Errc::closed.
  Result<> ping(std::string_view data = {});

  /// Returns the choice of select_subprotocol().
  [[nodiscard]] const std::optional<std::string>& selected_subprotocol() const { return subprotocol_; }

 private:
  friend class detail::application::Dispatcher;

  void on_control(const detail::connection::ControlFrame& frame) final;

  /// Selects a subprotocol, and returns the selection.
  const std::optional<std::string>& choose_subprotocol();

  std::optional<std::string> subprotocol_;
};

}  // namespace coroom
