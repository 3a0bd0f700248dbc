// REST beside WebSocket: requests read and change a list of tasks. Watchers receive each change by WebSocket
// or by server-sent events. Pages of every origin may use it.
//   coroom-example-rest [--port N] [--token SECRET] [--files FOLDER]
//   curl localhost:8896/tasks
//   curl localhost:8896/tasks -d '{"text":"make tea"}'
//   curl localhost:8896/tasks/1 -X DELETE
// A WebSocket client at ws://localhost:8896/watch and an EventSource at http://localhost:8896/events get
// {"id":1,"text":"make tea"} and {"id":1,"done":true}. With --token, changes need "Authorization: Bearer
// SECRET". With --files, a folder is served at /files/, with support for ranges.

#include <coroom/application.hpp>
#include <coroom/assets.hpp>
#include <coroom/log.hpp>
#include <coroom/option_parser.hpp>
#include <coroom/static_file_handler.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <openssl/crypto.h>
#include <string>
#include <string_view>
#include <vector>

/// The tasks by number. The application has one thread, so no lock is needed.
class Tasks {
 public:
  /// Returns the number of the new task.
  std::uint64_t add(std::string text) {
    tasks_.emplace(++last_, std::move(text));
    return last_;
  }

  /// Returns false if there is no such task.
  bool remove(std::uint64_t id) { return tasks_.erase(id) != 0; }

  [[nodiscard]] boost::json::array to_json() const {
    boost::json::array all;
    for (const auto& [id, text] : tasks_) all.push_back({{"id", id}, {"text", text}});
    return all;
  }

 private:
  std::map<std::uint64_t, std::string> tasks_;
  std::uint64_t last_ = 0;
};

/// The common part of all handlers: fields for pages of other origins, errors in JSON, and the access log.
template <class Handler>
class Api : public Handler {
 public:
  using Handler::Handler;

 private:
  void set_default_headers() override {
    this->set_header("Access-Control-Allow-Origin", "*");
    this->set_header("Access-Control-Allow-Methods", "GET, POST, DELETE");
    this->set_header("Access-Control-Allow-Headers", "Authorization, Content-Type, Range");
  }

  void write_error(const coroom::HttpError& error) override {
    this->write(boost::json::value{{"error", error.reason()}});
  }

  void on_sent(const coroom::Sent& sent) override {
    coroom::logging::info("request", {{"method", this->request().method},
                                      {"path", this->request().path},
                                      {"status", sent.status},
                                      {"bytes", sent.body_bytes},
                                      {"microseconds", sent.duration.count()}});
  }
};

/// Answers requests without a route.
using NothingHandler = Api<coroom::RequestHandler>;

using FilesHandler = Api<coroom::StaticFileHandler>;

/// The common part of the handlers of tasks.
class ChangesHandler : public Api<coroom::RequestHandler> {
 public:
  ChangesHandler(std::shared_ptr<Tasks> tasks, std::string token)
      : tasks_(std::move(tasks)), token_(std::move(token)) {}

 protected:
  /// Throws unless the request has the token.
  void check_token() const {
    if (token_.empty()) return;
    const std::string wanted = "Bearer " + token_;
    const std::string_view given = request().headers.get("Authorization").value_or("");
    if (given.size() != wanted.size() || CRYPTO_memcmp(given.data(), wanted.data(), wanted.size()) != 0)
      throw coroom::HttpError(401, "Changes require the token.", {{"WWW-Authenticate", "Bearer"}});
  }

  coroom::task<> tell_watchers(boost::json::object change) const {
    co_await application().room("tasks").publish(change);
  }

  [[nodiscard]] Tasks& tasks() const { return *tasks_; }

 private:
  std::shared_ptr<Tasks> tasks_;
  std::string token_;
};

class TasksHandler : public ChangesHandler {
  using ChangesHandler::ChangesHandler;

  coroom::task<> get() override {
    write(tasks().to_json());
    co_return;
  }

  coroom::task<> post() override {
    check_token();
    const std::string text = parse_text(request().body);
    const boost::json::object task = {{"id", tasks().add(text)}, {"text", text}};
    co_await tell_watchers(task);
    set_status(201);
    write(task);
  }

  static std::string parse_text(std::string_view body) {
    boost::system::error_code fault;
    const boost::json::value parsed = boost::json::parse(body, fault);
    const auto* task = fault ? nullptr : parsed.if_object();
    const auto* text = task == nullptr ? nullptr : task->if_contains("text");
    if (text == nullptr || !text->is_string())
      throw coroom::HttpError(400, R"(A task is a JSON object such as {"text":"make tea"}.)");
    return std::string(text->get_string());
  }
};

class TaskHandler : public ChangesHandler {
  using ChangesHandler::ChangesHandler;

  coroom::task<> delete_() override {
    check_token();
    const std::uint64_t id = std::stoull(path_arguments().front());
    if (!tasks().remove(id)) throw coroom::HttpError(404, "There is no such task.");
    co_await tell_watchers({{"id", id}, {"done", true}});
    set_status(204);
  }
};

/// A connection that receives changes: a WebSocketHandler or a StreamHandler.
template <class Handler>
class Watcher : public Api<Handler> {
  coroom::task<> open() override {
    membership_ = (co_await this->application().room("tasks").join(*this)).value();
  }
  coroom::task<> on_message(coroom::Message /*message*/) override { co_return; }
  bool check_origin(std::string_view /*origin*/) override { return true; }

  coroom::Membership membership_;
};

using WatchHandler = Watcher<coroom::WebSocketHandler>;

class EventsHandler : public Watcher<coroom::StreamHandler> {
  coroom::Framing::Kind framing() const override { return coroom::Framing::Kind::events; }
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8896, "TCP port to listen on; 0 picks a free port");
  const auto token = options.define<std::string>(
      "token", "", "token that changes require; without it, all clients may make them");
  const auto files = options.define<std::filesystem::path>("files", {}, "folder to serve below /files/");
  options.parse_command_line_or_exit(argc, argv);

  const auto tasks = std::make_shared<Tasks>();
  std::vector<coroom::Route> routes = {
      coroom::route<TasksHandler>("/tasks", tasks, *token),
      coroom::route<TaskHandler>("/tasks/([0-9]{1,18})", tasks, *token),
      coroom::route<WatchHandler>("/watch"),
      coroom::route<EventsHandler>("/events"),
  };
  if (!files->empty()) {
    const auto folder = coroom::FolderAssets::check(*files);
    if (!folder) {
      std::cerr << folder.error().message << '\n';
      return EXIT_FAILURE;
    }
    routes.push_back(
        coroom::route<FilesHandler>("/files/(.*)", std::make_shared<const coroom::FolderAssets>(*folder)));
  }
  coroom::logging::limit_rate(0);  // the access log has a line for every request
  coroom::Application application(std::move(routes), {.threads = 1, .default_handler = [] {
                                                        return std::make_unique<NothingHandler>();
                                                      }});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run(
      [&] { std::cout << "http://localhost:" << application.endpoint().port() << "/tasks" << std::endl; });
}
