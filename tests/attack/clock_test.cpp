#include "attack/scripts.hpp"
#include "attack/siege.hpp"
#include "support/centrifuge_client.hpp"
#include "support/temporary.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

namespace json = boost::json;

/// The wall clock of another process, by libfaketime: what it says is in a file. Its steady clock stays as it
/// is.
class WallClock {
 public:
  WallClock() { set("+0"); }

  /// `-3600` for an hour ago.
  void set(const std::string& offset) const {
    const auto next = folder_.path() / "next";
    std::ofstream(next) << offset << '\n';
    std::filesystem::rename(next, file());  // so that it is never half written
  }

  [[nodiscard]] std::vector<std::string> environment() const {
    return {std::string("LD_PRELOAD=") + COROOM_FAKETIME, "FAKETIME_TIMESTAMP_FILE=" + file().string(),
            "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"};
  }

 private:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "now"; }

  TemporaryFolder folder_;
};

class Clocks : public Siege {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(COROOM_FAKETIME))
        << "libfaketime is missing; Debian has it in faketime";
  }

  /// Somebody speaks while the clock goes here and there, and some connect and say nothing.
  void set_clock_again_and_again() {
    static const std::array offsets{"-3600", "+0", "+3600", "-86400", "+7200", "+0"};
    CentrifugeClient speaker(port());
    speaker.connect();
    const json::object top = speaker.call("subscribe", R"({"channel":"tea"})");
    Swarm swarm(port(), 1000);
    const Script silent;
    swarm.add(silent, 20);
    int said = 0;
    for (int round = 0; round != short_or_long(2, 10); ++round) {
      for (const char* offset : offsets) {
        clock_.set(offset);
        swarm.run_for(std::chrono::milliseconds(300));
        EXPECT_FALSE(speaker.call("publish", R"({"channel":"tea","data":)" + std::to_string(++said) + "}")
                         .contains("error"));
        EXPECT_EQ(speaker.read_push().at("offset"), said);
      }
    }
    EXPECT_EQ(swarm.ended_by_server(), 20) << "each after the handshake's time";
    end_attack(swarm);
    expect_to_recover(top, said);
  }

  void expect_to_recover(const json::object& top, int said) const {
    CentrifugeClient late(port());
    late.connect();
    const json::object reply =
        late.call("subscribe", R"({"channel":"tea","recover":true,"offset":0,"epoch":)" +
                                   json::serialize(top.at("epoch")) + "}");
    ASSERT_EQ(reply.at("recovered"), true) << json::serialize(reply);
    const json::array& publications = reply.at("publications").as_array();
    ASSERT_EQ(publications.size(), static_cast<std::size_t>(said));
    for (int number = 1; number <= said; ++number)
      EXPECT_EQ(publications[static_cast<std::size_t>(number - 1)].at("data"), number);
  }

  /// libfaketime and jemalloc can't start in one process.
  const Variable binary_{"COROOM_BINARY", COROOM_GLIBC_BINARY};
  WallClock clock_;
};

const std::vector<std::string> short_times{"--ping-interval=1s", "--handshake-timeout=1s"};

TEST_F(Clocks, ThatAreSetEndNobodyEarlyOrLateAndForgetNothing) {
  begin(short_times, clock_.environment());
  set_clock_again_and_again();
  end();
}

TEST_F(Clocks, ThatAreSetLoseNothingOnTheDisk) {
  const TemporaryFolder folder;
  std::vector<std::string> flags = short_times;
  flags.insert(flags.end(), {"--broker=sqlite", "--data", folder.path()});
  begin(flags, clock_.environment());
  set_clock_again_and_again();
  end();
}

}  // namespace
}  // namespace coroom::test
