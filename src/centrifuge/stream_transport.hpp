#pragma once

#include "centrifuge/handler_transport.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/framing.hpp>
#include <coroom/stream_handler.hpp>

#include <memory>
#include <string>
#include <utility>

namespace coroom::detail::centrifuge {

/// A response that does not end, to one client. The request that opened it carries the client's first
/// message, in its body or in the argument `cf_connect`.
class StreamTransport : public HandlerTransport<StreamHandler> {
 public:
  [[nodiscard]] Framing::Kind framing() const final { return framing_; }
  [[nodiscard]] std::string farewell(const Disconnect& why) const final;

  task<> prepare() final;

  /// Answers the preflight of a request of another origin.
  task<> options() final;

 protected:
  StreamTransport(Framing::Kind framing, SharedSettings settings)
      : HandlerTransport(std::move(settings)), framing_(framing) {}

  /// Refuses a first message by send_error(), or does nothing.
  virtual void check_first(const std::string& first) = 0;

  /// Sends and takes Protobuf. Called by check_first().
  void use_protobuf();

  [[nodiscard]] std::string take_first() { return std::exchange(first_, {}); }

 private:
  [[nodiscard]] bool wants_pings() const final { return true; }

  Framing::Kind framing_;
  std::string first_;
};

}  // namespace coroom::detail::centrifuge
