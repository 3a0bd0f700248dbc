#include "centrifuge/streams.hpp"

#include "centrifuge/emulation.hpp"
#include "centrifuge/emulation_request.hpp"
#include "centrifuge/origin.hpp"
#include "centrifuge/stream_transport.hpp"
#include "core/grammar.hpp"

#include <coroom/origin.hpp>

#include <utility>

namespace coroom::detail::centrifuge {
namespace {

constexpr std::size_t fields_size = 1024;  // most bytes that a body of /emulation has beside the commands

/// Returns whether the body of a request is Protobuf.
bool is_protobuf(const Request& request) {
  return detail::is_media_type(request.headers.get("Content-Type").value_or(""), "application/octet-stream");
}

/// A stream whose client sends its commands by requests to /emulation.
class EmulatedTransport final : public StreamTransport {
 public:
  EmulatedTransport(Framing::Kind framing, SharedSettings settings, std::shared_ptr<Emulation> emulation)
      : StreamTransport(framing, std::move(settings)), emulation_(std::move(emulation)) {}

  EmulatedTransport(const EmulatedTransport&) = delete;
  EmulatedTransport& operator=(const EmulatedTransport&) = delete;

  /// on_close() may not have run if memory ran out.
  ~EmulatedTransport() override { emulation_->close(session_); }

  task<> open() override {
    session_ = emulation_->open(connection());
    co_await StreamTransport::open();
    co_await client().on_frame(take_first());
  }

  task<> on_message(Message message) override { return client().on_frame(std::move(message.data)); }

  task<> on_close() override {
    emulation_->close(session_);
    co_await StreamTransport::on_close();
  }

 private:
  void check_first(const std::string& first) override {
    if (framing() == Framing::Kind::lines && is_protobuf(request())) use_protobuf();
    if (first.empty()) {
      send_error(400, "The first command, connect, is missing.");
    } else if (request().method != "POST" && first.find('\n') != std::string::npos) {
      // A page can embed such a URL as an image, and the browser's request then carries no Origin.
      send_error(400, "A URL may carry only one command, connect.");
    }
  }

  void introduce(ConnectResult& result) const override {
    result.session = session_;
    result.node = emulation_->node();
  }

  std::shared_ptr<Emulation> emulation_;
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
    const std::size_t limit = application().settings().limits.max_message_size;
    // JSON escapes make a text up to six times as long.
    if (request().body.size() > 6 * limit + fields_size)
      co_return send_error(413, "The commands are too long.");
    auto read = is_protobuf(request()) ? protobuf::read_emulation(request().body)
                                       : json::read_emulation(request().body);
    if (!read) {
      send_error(400, read.error().message);
    } else if (read->data.size() > limit) {
      send_error(413, "The commands are too long.");
    } else if (read->node != emulation_->node() ||
               !emulation_->receive(read->session, std::move(read->data))) {
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
  routes.push_back(route<EmulatedTransport>("/connection/sse", Framing::Kind::events, settings, emulation));
  routes.push_back(
      route<EmulatedTransport>("/connection/http_stream", Framing::Kind::lines, settings, emulation));
  routes.push_back(route<EmulationHandler>("/emulation", settings, emulation));
  return routes;
}

}  // namespace coroom::detail::centrifuge
