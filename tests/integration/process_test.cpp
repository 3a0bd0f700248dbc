// The server's process as shells, service managers and container platforms use it.
#include "support/process.hpp"

#include "support/certificate.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/request_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace coroom::test {
namespace {

using namespace std::chrono_literals;
using namespace testkit;
using testing::HasSubstr;

const char* const nonsense = "nonsense\r\n\r\n";

/// Makes processes ignore signals if they are started during its lifetime, as nohup does.
class Ignored {
 public:
  explicit Ignored(std::vector<int> signals) : signals_(std::move(signals)) {
    for (const int signal : signals_) before_.push_back(std::signal(signal, SIG_IGN));
  }
  Ignored(const Ignored&) = delete;
  Ignored& operator=(const Ignored&) = delete;
  ~Ignored() {
    for (std::size_t index = 0; index != signals_.size(); ++index)
      std::signal(signals_[index], before_[index]);
  }

 private:
  std::vector<int> signals_;
  std::vector<void (*)(int)> before_;
};

bool is_healthy(std::uint16_t port) {
  return get(port, "/health").status == 200;
}

bool reaches(std::uint16_t port, const std::string& address) {
  TcpClient client(port, TcpClient::TcpOptions{.address = address});
  client.send(RequestBuilder("GET", "/health"));
  return read_response(client).status == 200;
}

/// Returns the loopback addresses of this machine. Containers often lack IPv6.
std::vector<std::string> loopbacks() {
  std::ifstream addresses("/proc/net/if_inet6");
  if (addresses.peek() == std::ifstream::traits_type::eof()) return {"127.0.0.1"};
  return {"127.0.0.1", "::1"};
}

TEST(Process, KeepsIgnoringSignals) {
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
    std::optional<Process> process;
    {
      const Ignored ignored({signal});
      process.emplace(std::vector<std::string>{"--port=0"});
    }
    const std::uint16_t port = process->wait_for_port();
    process->signal(signal);
    EXPECT_TRUE(is_healthy(port)) << signal;
    process->signal(signal == SIGTERM ? SIGINT : SIGTERM);
    EXPECT_EQ(process->wait(), 0) << signal;
    EXPECT_THAT(process->output(),
                testing::Not(HasSubstr("stopping signal=" + std::to_string(signal) + '\n')));
  }
}

TEST(Process, KeepsIgnoringTlsReload) {
  TemporaryFolder folder;
  folder.write("both.pem", make_certificate("localhost"));
  const std::string file = folder.path() / "both.pem";
  std::optional<Process> process;
  {
    const Ignored ignored({SIGHUP});
    process.emplace(std::vector<std::string>{"--port=0", "--tls-cert=" + file, "--tls-key=" + file});
  }
  process->wait_for_port();
  process->signal(SIGHUP);
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(), 0);
  EXPECT_EQ(lines_with(process->output(), "reloaded"), 0) << process->output();
}

TEST(Process, DrainsDespiteIgnoredSignal) {
  std::optional<Process> process;
  {
    const Ignored ignored({SIGINT});
    process.emplace(std::vector<std::string>{"--port=0", "--drain-timeout=1s"});
  }
  const RawWebSocketClient deaf(process->wait_for_port());
  process->signal(SIGTERM);
  process->signal(SIGINT);
  EXPECT_EQ(process->wait(), 0);
}

TEST(Process, OpensDevNullForClosedStreams) {
  Process process({"--port=0"}, {}, Rights::ours, Streams::only_output);
  const std::uint16_t port = process.wait_for_port();
  ask(port, nonsense);
  const std::filesystem::path open = "/proc/" + std::to_string(process.id()) + "/fd";
  for (const char* stream : {"0", "2"}) EXPECT_EQ(std::filesystem::read_symlink(open / stream), "/dev/null");
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_EQ(lines_with(process.output(), ""), 1) << "the announcement alone: " << process.output();
}

TEST(Process, ServesWhileLogIsNotRead) {
  Process process({"--port=0", "--log-rate=0", "--drain-timeout=1s"});
  const std::uint16_t port = process.wait_for_port();
  RawWebSocketClient member(port);
  EXPECT_EQ(member.read_event(), chat_line::joined);
  // The pipe holds 64 KiB, about 500 lines.
  for (int request = 0; request != 1500; ++request) ask(port, nonsense);
  for (int look = 0; look != 8; ++look) EXPECT_TRUE(is_healthy(port));
  member.send_text("still here?");
  EXPECT_EQ(member.read_event(), chat_line::said("still here?"));
  member.leave();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_unread(), 0);
}

TEST(Process, ServesAfterLogReaderIsGone) {
  Process process({"--port=0", "--drain-timeout=1s"});
  const std::uint16_t port = process.wait_for_port();
  process.close_output();
  ask(port, nonsense);
  EXPECT_TRUE(is_healthy(port));
  EXPECT_THAT(get(port, "/metrics").body, HasSubstr("coroom_log_lines_dropped_total{cause=\"stalled\"} "));
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_unread(), 0);
}

TEST(Process, LimitsLogRate) {
  Process process({"--port=0"});
  const std::uint16_t port = process.wait_for_port();
  for (int request = 0; request != 300; ++request) ask(port, nonsense);
  const std::string metrics = get(port, "/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("coroom_refusals_total{cause=\"http\"} 300\n")) << "the count is exact";
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  const int lines = lines_with(process.output(), "http request refused connection=");
  EXPECT_GE(lines, 50);
  EXPECT_LT(lines, 150);
  EXPECT_THAT(process.output(),
              HasSubstr("suppressed event=\"http request refused\" lines=" + std::to_string(300 - lines)));
}

TEST(Process, StopsWithin10SecondsByDefault) {
  Process process({"--port=0"});
  const std::uint16_t port = process.wait_for_port();
  const RawWebSocketClient half_open(port);
  TcpClient half_a_request(port);
  half_a_request.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
  const auto begin = std::chrono::steady_clock::now();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 9500ms);
}

TEST(Process, ListensOnBothLoopbacks) {
  for (const auto& flags : {std::vector<std::string>{"--port=0"}, {"--port=0", "--address=localhost"}}) {
    Process process(flags);
    const std::uint16_t port = process.wait_for_port();
    for (const std::string& address : loopbacks()) EXPECT_TRUE(reaches(port, address)) << address;
  }
}

TEST(Process, RejectsLocalhostIfOneLoopbackIsInUse) {
  for (const std::string& address : loopbacks()) {
    Process taken({"--port=0", "--address=" + address});
    const std::string port = std::to_string(taken.wait_for_port());
    Process second({"--port=" + port});
    EXPECT_EQ(second.wait(), 1) << address;
    EXPECT_THAT(second.output(), HasSubstr("cannot listen on " + address + " port " + port));
  }
}

TEST(Process, NamesInvalidAddress) {
  Process misspelt({"--port=0", "--address=10.0.0.300"});
  EXPECT_EQ(misspelt.wait(), 2);
  EXPECT_THAT(misspelt.output(), HasSubstr("10.0.0.300"));
  Process elsewhere({"--port=0", "--address=192.0.2.1", "--anonymous=on"});
  EXPECT_EQ(elsewhere.wait(), 1);
  EXPECT_THAT(elsewhere.output(), HasSubstr("192.0.2.1"));
}

#ifdef COROOM_NO_IPV6_LIBRARY
TEST(Process, FallsBackToIpv4WithoutIpv6) {
  const std::string preload = std::string("LD_PRELOAD=") + COROOM_NO_IPV6_LIBRARY;
  Process all({"--port=0", "--address=::", "--anonymous=on"}, {preload});
  EXPECT_TRUE(is_healthy(all.wait_for_port()));
  all.signal(SIGTERM);
  EXPECT_EQ(all.wait(), 0);
  EXPECT_EQ(lines_with(all.output(), "IPv6 is not available: listening on 0.0.0.0"), 1) << all.output();

  Process local({"--port=0"}, {preload});
  EXPECT_TRUE(is_healthy(local.wait_for_port()));
  EXPECT_THAT(local.output(), HasSubstr("open http://127.0.0.1:")) << "the address that it listens on";

  Process six({"--port=0", "--address=::1"}, {preload});
  EXPECT_EQ(six.wait(), 1);
}
#endif

TEST(Process, NotifiesServiceManagerWhenReady) {
  TemporaryFolder folder;
  const std::string path = folder.path() / "notify";
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  path.copy(static_cast<char*>(address.sun_path), path.size());
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  const Process process({"--port=0"}, {"NOTIFY_SOCKET=" + path});
  std::array<char, 64> message{};
  const ssize_t size = ::recv(socket, message.data(), message.size(), 0);
  ::close(socket);
  EXPECT_EQ(std::string(message.data(), size < 0 ? 0 : static_cast<std::size_t>(size)), "READY=1");
}

}  // namespace
}  // namespace coroom::test
