#include "model/connection.hpp"
#include "support/settable_clock.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace coroom::model {
namespace {

namespace json = boost::json;

class LineCollector final : public LineSink {
 public:
  void receive(std::string_view line) override { lines.emplace_back(line); }
  void closed() override { ADD_FAILURE() << "closed"; }

  std::vector<std::string> lines;
};

TEST(Crowd, ListsTenThousandMembersDuringAPublication) {
  constexpr std::size_t members = 10'000;
  test::SettableClock clock;
  Storage storage(clock);
  Gates gates;
  Chance chance(1);
  SimulatedServer server(storage, gates, chance, clock);
  std::vector<LineCollector> collectors(members);
  std::vector<std::shared_ptr<SimulatedConnection>> crowd;
  for (std::size_t number = 0; number != members; ++number) {
    crowd.push_back(std::make_shared<SimulatedConnection>(
        server, number % 2, detail::centrifuge::Encoding::json, collectors[number]));
    crowd.back()->send(R"({"id":1,"connect":{}})"
                       "\n"
                       R"({"id":2,"subscribe":{"channel":"fleeting"}})");
  }
  server.settle();
  for (LineCollector& collector : collectors) collector.lines.clear();

  constexpr std::size_t asking = 3;
  for (std::size_t number = 0; number != asking; ++number) {
    crowd[number]->send(R"({"id":3,"presence":{"channel":"fleeting"}})"
                        "\n"
                        R"({"id":4,"presence_stats":{"channel":"fleeting"}})");
  }
  crowd.back()->send(R"({"id":3,"publish":{"channel":"fleeting","data":"hello"}})");
  server.settle();

  for (std::size_t number = 0; number != members; ++number) {
    const std::vector<std::string>& lines = collectors[number].lines;
    const auto received = std::ranges::count_if(
        lines, [](const std::string& line) { return line.find(R"("data":"hello")") != std::string::npos; });
    ASSERT_EQ(received, 1) << "member " << number;
    if (number >= asking) continue;
    const auto reply =
        std::ranges::find_if(lines, [](const std::string& line) { return line.starts_with(R"({"id":3)"); });
    ASSERT_NE(reply, lines.end());
    EXPECT_EQ(json::parse(*reply).at("presence").at("presence").as_object().size(), members);
    const std::string counted = R"({"id":4,"presence_stats":{"num_clients":10000,"num_users":1}})";
    EXPECT_EQ(std::ranges::count(lines, counted), 1);
  }

  for (const auto& member : crowd) member->end();
  server.settle();
  EXPECT_EQ(server.hub.size(), 0);
  EXPECT_EQ(server.running(), 0);
}

}  // namespace
}  // namespace coroom::model
