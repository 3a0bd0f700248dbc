#pragma once

#include "application/session.hpp"
#include "centrifuge/client.hpp"
#include "centrifuge/origin.hpp"
#include "centrifuge/transport.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/connection_handler.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace coroom::detail::centrifuge {

using SharedSettings = std::shared_ptr<const CentrifugeSettings>;

/// A handler that carries the frames of one client. The derived class passes frames to the client in
/// on_message().
template <std::derived_from<ConnectionHandler> Handler>
class HandlerTransport : public Handler, private Transport {
 public:
  explicit HandlerTransport(SharedSettings settings) : settings_(std::move(settings)) {}

  bool check_origin(std::string_view /*origin*/) override {
    return is_origin_allowed(*settings_, this->request());
  }

  /// A client does not notice a skipped publication. After a close it reconnects and recovers them.
  [[nodiscard]] SlowConsumer slow_consumer() const override { return SlowConsumer::close; }

  /// A frame may hold many commands; the client charges for each of them.
  [[nodiscard]] bool counts_messages() const override { return true; }

  task<> open() override {
    auto client_info = std::make_shared<ClientInfo>(this->request().remote_ip.to_string());
    client_info->client_id = new_client_id();
    client_info->hides_address = true;  // lines of the plain chat must not show one
    this->release_request();
    Transport& transport = *this;
    const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    client_.emplace(transport, *settings_, std::move(client_info), executor, this->application().clock());
  }

  task<> on_close() override {
    if (client_) client_->end();  // open() may have failed
    co_return;
  }

 protected:
  [[nodiscard]] const CentrifugeSettings& settings() const { return *settings_; }

  [[nodiscard]] Encoding encoding() const final { return encoding_; }

  /// Called before open().
  void set_encoding(Encoding encoding) { encoding_ = encoding; }

  /// Set from open() on.
  [[nodiscard]] Client& client() { return *client_; }

 private:
  task<> write(std::string messages) final {
    auto writing = session().write(message_kind(encoding_), messages);  // which has its frame
    messages = {};
    co_await std::move(writing);
  }
  task<bool> may_reply(std::size_t bytes) final { return session().may_reply(bytes); }
  [[nodiscard]] std::size_t reply_room() const final { return session().reply_room(); }
  task<bool> write_reply(std::string message) final {
    return session().write_reply(message_kind(encoding_), std::move(message));
  }
  void push(std::string_view messages) final {
    std::ignore = session().push(message_kind(encoding_), messages);
  }
  void spawn(task<> work) final { ConnectionHandler::spawn(std::move(work)); }
  void close(const Disconnect& why) final { std::ignore = ConnectionHandler::close(why.code, why.reason); }

  net::TimerQueue& timers() final { return session().shard().timers(); }
  Room room(std::string name) final { return this->application().room(std::move(name)).used_by(*this); }
  task<Result<Membership>> join(Room room, JoinOptions options) final {
    co_return co_await room.join(*this, std::move(options));
  }
  Counters& counters() final { return this->application().counters(); }
  Moderation& moderation() final { return this->application().moderation(); }
  RateVerdict charge_received(std::size_t bytes, std::size_t messages) final {
    return ConnectionHandler::charge_received(bytes, messages);
  }
  [[nodiscard]] bool should_yield() const final { return ConnectionHandler::should_yield(); }

  [[nodiscard]] application::Session& session() const { return application::Session::begun(*this); }

  SharedSettings settings_;
  Encoding encoding_ = Encoding::json;
  std::optional<Client> client_;  // from open() on
};

}  // namespace coroom::detail::centrifuge
