#include "support/centrifuge_client.hpp"
#include "support/process.hpp"
#include "support/temporary.hpp"
#include "testkit/centrifuge_commands.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
namespace json = boost::json;

constexpr int rounds = 50;
constexpr std::size_t window = 16;  // unacknowledged publications of a publisher
constexpr std::array rooms{"tea", "cake", "milk"};

/// A publication by the number of its publisher and its own number.
struct NumberedPublication {
  int by = 0;
  int number = 0;
  auto operator<=>(const NumberedPublication&) const = default;
};

NumberedPublication said_in(const json::value& publication) {
  const auto& data = publication.at("data");
  return {static_cast<int>(data.at("by").as_int64()), static_cast<int>(data.at("number").as_int64())};
}

/// The acknowledged and delivered publications of all rounds.
class Record {
 public:
  /// Records an acknowledgement, and returns how many there were in this round.
  std::size_t acknowledge(const NumberedPublication& said) {
    const std::lock_guard<std::mutex> lock(mutex_);
    acknowledged_.insert(said);
    return ++this_round_;
  }
  /// Records a delivery to a member of the room.
  void deliver(const std::string& room, std::int64_t offset, const NumberedPublication& said) {
    const std::lock_guard<std::mutex> lock(mutex_);
    delivered_[room][offset] = said;
  }
  void begin_round() { this_round_ = 0; }

  /// Checks the history of a room, which begins at offset 1.
  void compare(const std::string& room, const std::vector<NumberedPublication>& history) {
    std::map<int, int> last;  // by publisher
    for (const NumberedPublication& said : history) {
      EXPECT_LT(last[said.by], said.number) << room << ": twice, or out of order, by " << said.by;
      last[said.by] = said.number;
      found_.insert(said);
    }
    for (const auto& [offset, said] : delivered_[room]) {
      ASSERT_LE(offset, history.size()) << room << ": was delivered and is lost";
      EXPECT_EQ(history[static_cast<std::size_t>(offset) - 1], said)
          << room << ": was delivered with other data";
    }
  }

  /// Checks acknowledged publications, after compare() of all rooms.
  void expect_all_acknowledged_found() {
    for (const NumberedPublication& said : acknowledged_)
      EXPECT_TRUE(found_.contains(said))
          << said.by << ": the acknowledged number " << said.number << " is lost";
    found_.clear();
  }

  [[nodiscard]] std::size_t acknowledged() const { return acknowledged_.size(); }

 private:
  std::mutex mutex_;
  std::size_t this_round_ = 0;
  std::set<NumberedPublication> acknowledged_;
  std::set<NumberedPublication> found_;
  std::map<std::string, std::map<std::int64_t, NumberedPublication>> delivered_;
};

/// Publishes to all rooms in turn until the server is gone. It kills the server at acknowledgement `kill_at`.
class Publisher {
 public:
  Publisher(int self, Record& record) : self_(self), record_(record) {}

  void run(const Process& server, std::uint16_t port, std::size_t kill_at) {
    sent_.clear();
    try {
      CentrifugeClient client(port);
      client.connect();
      for (const char* room : rooms) client.subscribe(room);
      while (true) {
        if (sent_.size() < window) {
          publish(client);
        } else if (handle_line(client.read()) == kill_at) {
          server.signal(SIGKILL);
        }
      }
    } catch (const std::runtime_error&) {
      return;  // the server is gone
    }
  }

 private:
  void publish(CentrifugeClient& client) {
    const int number = ++last_number_;
    const std::string data =
        R"({"by":)" + std::to_string(self_) + R"(,"number":)" + std::to_string(number) + "}";
    const char* room = rooms.at(static_cast<std::size_t>(number) % rooms.size());
    sent_[client.send("publish", publish_request(room, data))] = number;
  }

  /// Returns the number of acknowledgements in this round if the line is one, else 0.
  std::size_t handle_line(const json::object& line) {
    if (const auto* push = line.if_contains("push")) {
      const auto* publication = push->as_object().if_contains("pub");
      if (publication == nullptr) return 0;
      const std::string room(push->at("channel").as_string());
      record_.deliver(room, publication->at("offset").as_int64(), said_in(*publication));
      return 0;
    }
    EXPECT_FALSE(line.contains("error")) << json::serialize(line);
    return record_.acknowledge({self_, sent_.extract(line.at("id").as_int64()).mapped()});
  }

  const int self_;
  Record& record_;
  int last_number_ = 0;
  std::map<std::int64_t, int> sent_;  // publications without a reply, by the id of the command
};

/// Returns the whole history of a room, whose offsets are 1, 2, 3….
std::vector<NumberedPublication> history_of(CentrifugeClient& client, const char* room) {
  std::vector<NumberedPublication> all;
  while (true) {
    const std::string since =
        R"("limit":-1,"since":{"epoch":"","offset":)" + std::to_string(all.size()) + "}";
    const json::object page = client.history(room, since);
    const auto* publications = page.if_contains("publications");
    if (publications == nullptr || publications->as_array().empty()) {
      EXPECT_EQ(page.at("offset"), all.size()) << room;
      return all;
    }
    for (const auto& publication : publications->as_array()) {
      all.push_back(said_in(publication));
      EXPECT_EQ(publication.at("offset"), all.size()) << room;
    }
  }
}

void expect_history(std::uint16_t port, Record& record) {
  CentrifugeClient client(port);
  client.connect();
  for (const char* room : rooms) record.compare(room, history_of(client, room));
  record.expect_all_acknowledged_found();
}

/// COROOM_TEST_SEED repeats the random choices of a run.
std::uint64_t seed() {
  const char* given = std::getenv("COROOM_TEST_SEED");
  return given != nullptr ? std::stoull(given) : std::random_device()();
}

TEST(Crash, KeepsAcknowledgedAndDelivered) {
  const std::uint64_t chosen = seed();
  SCOPED_TRACE("COROOM_TEST_SEED=" + std::to_string(chosen));
  RecordProperty("seed", std::to_string(chosen));
  std::mt19937_64 random(chosen);
  const TemporaryFolder folder;
  const ConfigFile config("[rooms]\nallow_history_for_client = true\n");
  const auto start = [&] {
    return std::make_unique<Process>(std::vector<std::string>{
        "--port=0", "--threads=2", "--broker=sqlite", "--data", folder.path(), "--config", config.path(),
        "--history-size=1000000", "--history-ttl=24h", "--log-level=warning"});
  };
  Record record;
  std::vector<std::unique_ptr<Publisher>> publishers;
  for (int self = 0; self != 3; ++self) publishers.push_back(std::make_unique<Publisher>(self, record));

  for (int round = 0; round != rounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto server = start();
    const std::uint16_t port = server->wait_for_port();
    expect_history(port, record);
    record.begin_round();
    const std::size_t kill_at = std::uniform_int_distribution<std::size_t>(1, 300)(random);
    {
      std::vector<std::jthread> running;
      running.reserve(publishers.size());
      for (const auto& publisher : publishers)
        running.emplace_back([&] { publisher->run(*server, port, kill_at); });
    }
    EXPECT_EQ(server->wait(), -SIGKILL) << server->output();
    if (HasFailure()) return;
  }
  const auto server = start();
  expect_history(server->wait_for_port(), record);
  EXPECT_GE(record.acknowledged(), std::size_t{rounds});
}

}  // namespace
}  // namespace coroom::test
