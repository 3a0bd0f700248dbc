// The backend of a collaborative editor. A document is a JSON object, for example of paragraphs by name. An
// operation is a JSON object with the fields to set; null removes a field.
//   coroom-example-editor [--port N]
// A WebSocket client at ws://localhost:8897/documents/NAME gets the current document,
// {"version":7,"document":{…}}, and then each operation from the eighth on, in one order for all clients.
// Each message of a client is an operation. The client gets its own operations back, in their places in that
// order.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

std::optional<boost::json::object> parse_operation(std::string_view text) {
  boost::system::error_code fault;
  boost::json::value parsed = boost::json::parse(text, fault);
  if (fault || !parsed.is_object()) return std::nullopt;
  return std::move(parsed.get_object());
}

/// The document that its first operations have made. Its version is the number of these operations.
class Document {
 public:
  /// Applies the operations that are newer than the document, up to the offset `last`.
  void apply(std::span<const coroom::Publication> operations, std::uint64_t last) {
    for (const coroom::Publication& operation : operations) {
      if (operation.offset <= version_ || operation.offset > last) continue;
      const boost::json::object changes = parse_operation(operation.data).value();
      for (const auto& [name, value] : changes) {
        if (value.is_null()) {
          content_.erase(name);
        } else {
          content_[name] = value;
        }
      }
      version_ = operation.offset;
    }
  }

  [[nodiscard]] std::uint64_t version() const { return version_; }
  [[nodiscard]] boost::json::object to_json() const {
    return {{"version", version_}, {"document", content_}};
  }

 private:
  boost::json::object content_;
  std::uint64_t version_ = 0;
};

/// The documents by name, in memory. The application has one thread, so no lock is needed.
using Documents = std::map<std::string, Document>;

class EditorHandler : public coroom::WebSocketHandler {
 public:
  explicit EditorHandler(std::shared_ptr<Documents> documents) : documents_(std::move(documents)) {}

 private:
  /// Sends the stored document, brought up to the position of the join. The operations after that position
  /// follow.
  coroom::task<> open() override {
    Document document = kept();
    auto joined = co_await room().join(*this, {.paused = true});  // newer operations wait for resume()
    const auto position = joined ? joined->position() : std::nullopt;
    const auto newer = co_await since(document.version());
    if (newer && position) document.apply(newer->publications, position->offset);
    if (!newer || !position || document.version() != position->offset) {
      close(coroom::close_code::try_again_later, "the document cannot be read");
      co_return;
    }
    membership_ = std::move(*joined);
    co_await write_message(document.to_json());
    membership_.resume();
  }

  coroom::task<> on_message(coroom::Message message) override {
    const auto operation = parse_operation(message.data);
    if (!operation) {
      close(4000, "an operation must be a JSON object");
      co_return;
    }
    const auto position = co_await membership_.publish(*operation);
    if (!position) {
      close(coroom::close_code::try_again_later, "the operation cannot be stored");
      co_return;
    }
    if (const auto newer = co_await since(kept().version()))
      kept().apply(newer->publications, position->offset);
  }

  [[nodiscard]] coroom::Room room() const {
    return application().room("document:" + path_arguments().front());
  }

  [[nodiscard]] coroom::task<coroom::Result<coroom::History>> since(std::uint64_t version) const {
    return room().history({.since = version});
  }

  [[nodiscard]] Document& kept() const { return (*documents_)[path_arguments().front()]; }

  std::shared_ptr<Documents> documents_;
  coroom::Membership membership_;
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8897, "TCP port to listen on; 0 picks a free port");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Settings settings;
  settings.threads = 1;
  settings.room_options = [](std::string_view) {
    return coroom::RoomOptions{.history_size = 10'000, .history_ttl = std::chrono::years(1)};
  };
  coroom::Application application(
      {coroom::route<EditorHandler>("/documents/([a-z0-9-]{1,40})", std::make_shared<Documents>())},
      settings);
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run([&] {
    std::cout << "ws://localhost:" << application.endpoint().port() << "/documents/NAME" << std::endl;
  });
}
