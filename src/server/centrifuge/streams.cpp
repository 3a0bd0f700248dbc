#include "server/centrifuge/streams.hpp"

#include "server/centrifuge/emulation.hpp"
#include "server/cross_origin.hpp"

#include <coroom/stream_handler.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>

#include <tuple>
#include <utility>

namespace coroom::server::centrifuge {
namespace {

using Origins = std::shared_ptr<const auth::OriginPolicy>;

class StreamLink final : public StreamHandler, private Link {
 public:
  StreamLink(Framing::Kind framing, std::shared_ptr<const Service> service,
             std::shared_ptr<Emulation> emulation, Origins origins)
      : framing_(framing),
        service_(std::move(service)),
        emulation_(std::move(emulation)),
        origins_(std::move(origins)) {}

  [[nodiscard]] Framing::Kind framing() const override { return framing_; }
  bool check_origin(std::string_view /*origin*/) override { return origins_->allows(request()); }

  task<> prepare() override {
    for (auto& [name, value] : cross_origin_fields(request(), *origins_)) set_header(name, value);
    if (request().method == "OPTIONS") co_return;
    first_ = request().method == "POST" ? request().body : get_argument("cf_connect", "");
    if (first_.empty()) send_error(400, "The first command is missing.");
  }

  task<> options() override {
    set_status(204);
    co_return;
  }

  task<> open() override {
    session_ = emulation_->open(peer());
    auto author = std::make_shared<Author>(request().remote_ip.to_string());
    author->client = new_client();
    Link& link = *this;
    client_ = std::make_shared<Client>(link, application(), *service_, std::move(author),
                                       co_await boost::asio::this_coro::executor);
    co_await client_->on_frame(std::move(first_));
  }

  task<> on_message(Message message) override { return client_->on_frame(std::move(message.data)); }

  task<> on_close() override {
    emulation_->close(session_);
    client_->end();
    co_return;
  }

 private:
  task<> write(std::string lines) override { co_await write_message(lines); }
  void push(std::string_view lines) override { std::ignore = push_message(lines); }

  void close(const Disconnect& why) override {
    std::string line;
    wire::append_push(line, why);
    push(line);
    std::ignore = WebSocketHandler::close(why.code, why.reason);
  }

  [[nodiscard]] bool wants_pings() const override { return true; }

  void introduce(wire::ConnectResult& result) const override {
    result.session = session_;
    result.node = emulation_->node();
  }

  task<Seat> join(Room room, JoinOptions options) override {
    co_return co_await room.join(*this, std::move(options));
  }

  Framing::Kind framing_;
  std::shared_ptr<const Service> service_;
  std::shared_ptr<Emulation> emulation_;
  Origins origins_;
  std::string first_;  // commands
  std::string session_;
  std::shared_ptr<Client> client_;  // from open() on
};

class EmulationHandler final : public RequestHandler {
 public:
  EmulationHandler(std::shared_ptr<Emulation> emulation, Origins origins)
      : emulation_(std::move(emulation)), origins_(std::move(origins)) {}

  task<> prepare() override {
    for (auto& [name, value] : cross_origin_fields(request(), *origins_)) set_header(name, value);
    if (!origins_->allows(request())) send_error(403, "Pages of this origin may not connect.");
    co_return;
  }

  task<> options() override {
    set_status(204);
    co_return;
  }

  task<> post() override {
    namespace json = boost::json;
    boost::system::error_code ec;
    const json::value body = json::parse(request().body, ec);
    const json::object* fields = ec ? nullptr : body.if_object();
    const auto text_of = [fields](json::string_view name) -> const json::string* {
      const json::value* value = fields != nullptr ? fields->if_contains(name) : nullptr;
      return value != nullptr ? value->if_string() : nullptr;
    };
    const json::string* session = text_of("session");
    const json::string* node = text_of("node");
    const json::string* data = text_of("data");
    if (session == nullptr || node == nullptr || data == nullptr) {
      send_error(400, "The body is an object with the texts session, node and data.");
    } else if (*node != emulation_->node() || !emulation_->receive(*session, std::string(*data))) {
      send_error(404, "There is no such session here.");
    } else {
      set_status(204);
    }
    co_return;
  }

 private:
  std::shared_ptr<Emulation> emulation_;
  Origins origins_;
};

}  // namespace

std::vector<Route> stream_routes(std::shared_ptr<const Service> service, auth::OriginPolicy origins) {
  const auto emulation = std::make_shared<Emulation>();
  const Origins policy = std::make_shared<const auth::OriginPolicy>(std::move(origins));
  std::vector<Route> routes;
  routes.push_back(route<StreamLink>("/connection/sse", Framing::Kind::events, service, emulation, policy));
  routes.push_back(
      route<StreamLink>("/connection/http_stream", Framing::Kind::lines, service, emulation, policy));
  routes.push_back(route<EmulationHandler>("/emulation", emulation, policy));
  return routes;
}

}  // namespace coroom::server::centrifuge
