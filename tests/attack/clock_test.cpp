#include "attack/scripts.hpp"
#include "attack/siege.hpp"
#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/temporary.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

namespace json = boost::json;

/// Shifts the wall clock of another process by a preloaded library. Its steady clock is unchanged.
class WallClock {
 public:
  WallClock() { folder_.write("shift", std::string(sizeof(std::int64_t), '\0')); }

  /// Sets the offset from the real time: `-1h` is an hour ago.
  void set(std::chrono::seconds shift) const {
    const std::int64_t number = shift.count();
    std::ofstream(file_, std::ios::binary | std::ios::in | std::ios::out)
        .write(reinterpret_cast<const char*>(&number), sizeof(number));
  }

  [[nodiscard]] std::vector<std::string> environment() const {
    return {std::string("LD_PRELOAD=") + COROOM_WALL_CLOCK_LIBRARY, "COROOM_WALL_CLOCK=" + file_.string()};
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "shift";
};

/// Returns the time in the Date field of the server (RFC 9110 section 5.6.7).
std::time_t told_time(std::uint16_t port) {
  std::tm parts{};
  std::istringstream date(get(port, "/health").field("Date").value_or(""));
  date >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S");
  return timegm(&parts);
}

class ClockJumps : public Siege {
 protected:
  /// Sets the clock repeatedly while a client publishes and others connect silently.
  void set_clock_again_and_again() {
    using namespace std::chrono_literals;
    static constexpr std::array<std::chrono::seconds, 6> shifts{-1h, 0h, 1h, -24h, 2h, 0h};
    CentrifugeClient speaker(port());
    speaker.connect();
    const json::object top = speaker.subscribe("tea");
    Swarm swarm(port(), 1000);
    const AttackScript silent;
    swarm.add(silent, 20);
    int said = 0;
    for (int round = 0; round != short_or_long(2, 10); ++round) {
      for (const std::chrono::seconds shift : shifts) {
        clock_.set(shift);
        EXPECT_LE(std::abs(told_time(port()) - std::time(nullptr) - shift.count()), 2);
        swarm.run_for(std::chrono::milliseconds(300));
        EXPECT_FALSE(speaker.publish("tea", std::to_string(++said)).contains("error"));
        EXPECT_EQ(speaker.read_push().at("offset"), said);
      }
    }
    EXPECT_EQ(swarm.ended_by_server(), 20) << "each after the handshake timeout";
    end_attack(swarm);
    expect_to_recover(top, said);
  }

  void expect_to_recover(const json::object& top, int said) const {
    CentrifugeClient late(port());
    late.connect();
    const json::object reply =
        late.subscribe("tea", R"("recover":true,"offset":0,"epoch":)" + json::serialize(top.at("epoch")));
    ASSERT_EQ(reply.at("recovered"), true) << json::serialize(reply);
    const json::array& publications = reply.at("publications").as_array();
    ASSERT_EQ(publications.size(), static_cast<std::size_t>(said));
    for (int number = 1; number <= said; ++number)
      EXPECT_EQ(publications[static_cast<std::size_t>(number - 1)].at("data"), number);
  }

  WallClock clock_;
};

const std::vector<std::string> short_times{"--ping-interval=2s", "--handshake-timeout=1s"};

TEST_F(ClockJumps, KeepsTimeoutsAndHistory) {
  begin(short_times, clock_.environment());
  set_clock_again_and_again();
  end();
}

TEST_F(ClockJumps, KeepsHistoryOnDisk) {
  const TemporaryFolder folder;
  std::vector<std::string> flags = short_times;
  flags.insert(flags.end(), {"--broker=sqlite", "--data", folder.path()});
  begin(flags, clock_.environment());
  set_clock_again_and_again();
  end();
}

}  // namespace
}  // namespace coroom::test
