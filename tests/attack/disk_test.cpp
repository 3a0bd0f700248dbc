#include "attack/siege.hpp"
#include "support/centrifuge_client.hpp"
#include "support/temporary.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/codes.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
namespace json = boost::json;

/// Publishes numbers in a room on the disk, and records the acknowledged ones.
class Publisher {
 public:
  Publisher(std::uint16_t port, const char* room) : room_(room), client_(port) {
    client_.connect();
    client_.subscribe(room_);
  }

  void publish_for(std::chrono::milliseconds time) {
    constexpr std::size_t window = 16;
    for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
      if (sent_.size() < window) {
        ++last_;
        sent_[client_.send("publish", publish_request(room_, std::to_string(last_)))] = last_;
      } else {
        take();
      }
    }
    while (!sent_.empty()) take();
  }

  [[nodiscard]] const std::vector<std::int64_t>& safe() const { return safe_; }
  [[nodiscard]] std::size_t refused() const { return refused_; }

  /// Returns the history of the room.
  std::vector<std::int64_t> kept() {
    std::vector<std::int64_t> all;
    while (true) {
      const std::string since =
          R"("limit":-1,"since":{"epoch":"","offset":)" + std::to_string(all.size()) + "}";
      const json::object page = client_.history(room_, since);
      const auto* publications = page.if_contains("publications");
      if (publications == nullptr || publications->as_array().empty()) return all;
      for (const auto& publication : publications->as_array()) {
        all.push_back(publication.at("data").as_int64());
        EXPECT_EQ(publication.at("offset"), all.size());
      }
    }
  }

 private:
  void take() {
    const json::object line = client_.read();
    const auto* id = line.if_contains("id");
    if (id == nullptr) return;
    const std::int64_t number = sent_.extract(id->as_int64()).mapped();
    if (!line.contains("error")) return safe_.push_back(number);
    ++refused_;
    EXPECT_EQ(line.at("error").at("code"), centrifuge_error::internal) << json::serialize(line);
  }

  const char* room_;
  CentrifugeClient client_;
  std::int64_t last_ = 0;
  std::map<std::int64_t, std::int64_t> sent_;  // by the id of the command
  std::vector<std::int64_t> safe_;
  std::size_t refused_ = 0;
};

class Disk : public Siege {
 protected:
  /// Fills the disk repeatedly while a client publishes.
  void fill_up() const {
    Publisher publisher(port(), "tea");
    const auto time = short_or_long(std::chrono::milliseconds(500), std::chrono::milliseconds(3000));
    for (int round = 0; round != 3; ++round) {
      publisher.publish_for(time);
      const std::size_t refused_before = publisher.refused();
      server().limit_file_size(0);
      publisher.publish_for(time);
      EXPECT_GT(publisher.refused(), refused_before);
      server().limit_file_size(std::nullopt);
    }
    publisher.publish_for(time);
    EXPECT_FALSE(publisher.safe().empty());
    EXPECT_EQ(publisher.kept(), publisher.safe());
  }
};

TEST_F(Disk, KeepsAcknowledgedDataWhenFull) {
  const TemporaryFolder folder;
  const ConfigFile config("[rooms.ram]\nhistory_size = 0\n");
  begin({"--broker=sqlite", "--data", folder.path(), "--config", config.path(), "--history-size=1000000",
         "--message-rate=0", "--byte-rate=0", "--reply-rate=0"},
        {}, "ram:honest");
  fill_up();
  end();
}

}  // namespace
}  // namespace coroom::test
