// coroom in a program with its own io_context. The program's timer and signals and the handlers of
// connections run on one thread, and blocking work runs on a pool.
//   coroom-example-embedded [--port N]
// A WebSocket client at ws://localhost:8898/readings gets the last reading of a sensor and then each new one,
// two a second. Each message of a client is a query to a slow archive.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>
#include <coroom/run_on.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

using namespace std::chrono_literals;

/// Belongs to the context's thread, and so needs no lock.
struct Sensor {
  int reading = 0;
};

/// Blocks, like a database or a disk.
coroom::task<std::string> look_up(std::string year) {
  std::this_thread::sleep_for(50ms);
  co_return "archive of " + year;
}

class ReadingsHandler : public coroom::WebSocketHandler {
 public:
  ReadingsHandler(std::shared_ptr<const Sensor> sensor, boost::asio::any_io_executor archive)
      : sensor_(std::move(sensor)), archive_(std::move(archive)) {}

 private:
  coroom::task<> open() override {
    membership_ = (co_await application().room("readings").join(*this)).value();
    co_await write_message("reading " + std::to_string(sensor_->reading));
  }

  coroom::task<> on_message(coroom::Message message) override {
    const std::string found = co_await coroom::run_on(archive_, look_up(std::move(message.data)));
    co_await write_message(found);
  }

  std::shared_ptr<const Sensor> sensor_;
  boost::asio::any_io_executor archive_;
  coroom::Membership membership_;
};

coroom::task<> read_sensor(std::shared_ptr<Sensor> sensor, coroom::Room readings) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (;;) {
    timer.expires_after(500ms);
    co_await timer.async_wait(boost::asio::use_awaitable);
    const std::string line = "reading " + std::to_string(++sensor->reading);
    co_await readings.publish(line);
  }
}

coroom::task<> stop_at_signal(boost::asio::io_context& context, coroom::Application& application) {
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  co_await signals.async_wait(boost::asio::use_awaitable);
  co_await application.async_stop();
  context.stop();
}

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8898, "TCP port to listen on; 0 picks a free port");
  options.parse_command_line_or_exit(argc, argv);

  boost::asio::io_context context(1);
  boost::asio::thread_pool archive(1);
  const auto sensor = std::make_shared<Sensor>();
  coroom::Application application(
      {coroom::route<ReadingsHandler>("/readings", sensor, archive.get_executor())}, {},
      context.get_executor());
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  boost::asio::co_spawn(context, read_sensor(sensor, application.room("readings")), boost::asio::detached);
  boost::asio::co_spawn(context, stop_at_signal(context, application), boost::asio::detached);
  std::cout << "ws://localhost:" << application.endpoint().port() << "/readings" << std::endl;
  context.run();
}
