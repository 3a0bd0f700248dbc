// A shared notebook: a client that opens ws://localhost:8892/notes receives all notes so far, and then each
// new one. A broker of the program keeps the notes in a file.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <vector>

/// Wraps another broker, and writes each publication to a file, one a line.
class FileBroker : public coroom::Broker {
 public:
  FileBroker(std::shared_ptr<coroom::Broker> inner, const std::filesystem::path& file)
      : inner_(std::move(inner)), file_(file, std::ios::app) {}

  coroom::task<coroom::Result<coroom::Position>> publish(std::string room,
                                                         coroom::SharedPublications publications,
                                                         coroom::RoomOptions options) override {
    if (!write_down(*publications)) co_return coroom::failure("the file cannot be written");
    co_return co_await inner_->publish(std::move(room), publications, options);
  }

  coroom::task<coroom::Result<coroom::History>> history(std::string room, coroom::HistoryFilter filter,
                                                        coroom::RoomOptions options) override {
    return inner_->history(std::move(room), filter, options);
  }

  coroom::task<coroom::Result<>> remove_history(std::string room) override {
    return inner_->remove_history(std::move(room));
  }

 private:
  bool write_down(const std::vector<coroom::Publication>& publications) {
    const std::lock_guard<std::mutex> lock(mutex_);  // rooms are on several threads
    for (const coroom::Publication& publication : publications) file_ << publication.data << '\n';
    return file_.flush().good();
  }

  std::shared_ptr<coroom::Broker> inner_;
  std::mutex mutex_;
  std::ofstream file_;
};

class NotesHandler : public coroom::WebSocketHandler {
  coroom::task<> open() override {
    coroom::Room room = application().room("notes");
    // Paused: publications wait while the history is read, and are delivered behind it.
    auto joined = co_await room.join(*this, {.paused = true});
    const auto history = co_await room.history();
    if (!joined || !joined->position() || !history) {
      close(coroom::close_code::internal_error, "the notes cannot be read");
      co_return;
    }
    membership_ = std::move(*joined);
    for (const coroom::Publication& note : history->publications) {
      if (note.offset <= membership_.position()->offset) co_await write_message(note.data);
    }
    membership_.resume();
  }

  coroom::task<> on_message(coroom::Message message) override {
    const auto kept = co_await membership_.publish(std::move(message));
    if (!kept) co_await write_message("not stored: " + kept.error().message);
  }

  coroom::Membership membership_;
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8892, "TCP port to listen on; 0 picks a free port");
  const auto file = options.define<std::filesystem::path>("file", "notes.txt", "file for the notes");
  options.parse_command_line_or_exit(argc, argv);

  const coroom::SystemClock clock;
  coroom::Settings settings;
  settings.room_options = [](std::string_view) {
    return coroom::RoomOptions{.history_size = 100, .history_ttl = std::chrono::hours(24)};
  };
  settings.broker = std::make_shared<FileBroker>(coroom::make_memory_broker(clock), *file);
  coroom::Application application({coroom::route<NotesHandler>("/notes")}, settings);
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run(
      [&] { std::cout << "ws://localhost:" << application.endpoint().port() << "/notes" << std::endl; });
}
