#include "centrifuge/streams.hpp"

#include "centrifuge/emulation.hpp"
#include "centrifuge/handler_transport.hpp"
#include "centrifuge/origin.hpp"
#include "core/utf8.hpp"

#include <coroom/origin.hpp>
#include <coroom/stream_handler.hpp>

#include <boost/json/parse.hpp>

#include <utility>

namespace coroom::detail::centrifuge {
namespace {

constexpr std::size_t fields_size = 1024;  // most bytes that a body of /emulation has beside the commands

using SharedSettings = std::shared_ptr<const CentrifugeSettings>;

class StreamTransport final : public HandlerTransport<StreamHandler> {
 public:
  StreamTransport(Framing::Kind framing, SharedSettings settings, std::shared_ptr<Emulation> emulation)
      : HandlerTransport(std::move(settings)), framing_(framing), emulation_(std::move(emulation)) {}

  StreamTransport(const StreamTransport&) = delete;
  StreamTransport& operator=(const StreamTransport&) = delete;

  /// on_close() may not have run if memory ran out.
  ~StreamTransport() override { emulation_->close(session_); }

  [[nodiscard]] Framing::Kind framing() const override { return framing_; }

  [[nodiscard]] std::string farewell(const Disconnect& why) const override {
    std::string line;
    append_push(line, why);
    return line;
  }

  task<> prepare() override {
    if (is_origin_allowed(settings(), request())) {
      for (auto& [name, value] : cross_origin_fields(request())) set_header(name, value);
    }
    if (request().method == "OPTIONS") co_return;
    const bool posted = request().method == "POST";
    first_ = posted ? request().body : get_argument("cf_connect", "");
    if (first_.empty()) {
      send_error(400, "The first command, connect, is missing.");
    } else if (first_.size() > max_message_size()) {
      send_error(413, "The commands are too long.");
    } else if (!posted && first_.find('\n') != std::string::npos) {
      // A page can embed such a URL as an image, and the browser's request then carries no Origin.
      send_error(400, "A URL may carry only one command, connect.");
    }
  }

  task<> options() override {
    set_status(204);
    co_return;
  }

  task<> open() override {
    session_ = emulation_->open(connection());
    co_await HandlerTransport::open();
    co_await client().on_frame(std::move(first_));
  }

  task<> on_message(Message message) override { return client().on_frame(std::move(message.data)); }

  task<> on_close() override {
    emulation_->close(session_);
    co_await HandlerTransport::on_close();
  }

 private:
  [[nodiscard]] bool wants_pings() const override { return true; }

  void introduce(ConnectResult& result) const override {
    result.session = session_;
    result.node = emulation_->node();
  }

  Framing::Kind framing_;
  std::shared_ptr<Emulation> emulation_;
  std::string first_;  // the commands in the request that opened the stream
  std::string session_;
};

class EmulationHandler final : public RequestHandler {
 public:
  EmulationHandler(SharedSettings settings, std::shared_ptr<Emulation> emulation)
      : settings_(std::move(settings)), emulation_(std::move(emulation)) {}

  task<> prepare() override {
    if (!is_origin_allowed(*settings_, request())) {
      send_error(403, "Pages of this origin may not connect.");
      co_return;
    }
    for (auto& [name, value] : cross_origin_fields(request())) set_header(name, value);
  }

  task<> options() override {
    set_status(204);
    co_return;
  }

  task<> post() override {
    namespace json = boost::json;
    // JSON escapes make a text up to six times as long.
    if (request().body.size() > 6 * application().settings().limits.max_message_size + fields_size)
      co_return send_error(413, "The commands are too long.");
    boost::system::error_code ec;
    const json::value body = json::parse(detail::without_byte_order_mark(request().body), ec);
    const json::object* fields = ec ? nullptr : body.if_object();
    const auto text_of = [fields](json::string_view name) -> const json::string* {
      const json::value* value = fields != nullptr ? fields->if_contains(name) : nullptr;
      return value != nullptr ? value->if_string() : nullptr;
    };
    const json::string* session = text_of("session");
    const json::string* node = text_of("node");
    const json::string* data = text_of("data");
    if (session == nullptr || node == nullptr || data == nullptr) {
      send_error(400, "The body must be a JSON object with the strings session, node and data.");
    } else if (data->size() > application().settings().limits.max_message_size) {
      send_error(413, "The commands are too long.");
    } else if (*node != emulation_->node() || !emulation_->receive(*session, std::string(*data))) {
      send_error(404, "There is no such session on this server.");
    } else {
      set_status(204);
    }
    co_return;
  }

 private:
  SharedSettings settings_;
  std::shared_ptr<Emulation> emulation_;
};

}  // namespace

std::vector<Route> stream_routes(SharedSettings settings) {
  const auto emulation = std::make_shared<Emulation>();
  std::vector<Route> routes;
  routes.push_back(route<StreamTransport>("/connection/sse", Framing::Kind::events, settings, emulation));
  routes.push_back(
      route<StreamTransport>("/connection/http_stream", Framing::Kind::lines, settings, emulation));
  routes.push_back(route<EmulationHandler>("/emulation", settings, emulation));
  return routes;
}

}  // namespace coroom::detail::centrifuge
