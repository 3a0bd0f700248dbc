#include "log/line_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace coroom::detail::log {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;

constexpr std::chrono::seconds patience{10};
constexpr std::size_t plenty = 1024 * 1024;

/// A pipe. Its writing end stays open, because the thread of a LineWriter may still use it.
class Pipe {
 public:
  explicit Pipe(int flags = 0) {
    if (pipe2(ends_.data(), O_CLOEXEC | flags) != 0) std::abort();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { close_reader(); }

  [[nodiscard]] int writer() const { return ends_[1]; }

  void close_reader() {
    if (ends_[0] >= 0) ::close(std::exchange(ends_[0], -1));
  }

  /// Reads until the text contains `end`.
  std::string read_until(const std::string& end) {
    std::string text;
    while (text.find(end) == std::string::npos) {
      std::array<char, 4096> chunk{};
      const ssize_t size = ::read(ends_[0], chunk.data(), chunk.size());
      if (size > 0) text.append(chunk.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  std::array<int, 2> ends_{};
};

/// Fills a pipe of the smallest size with lines until some are dropped.
void overfill(LineWriter& writer, const Pipe& pipe) {
  ::fcntl(pipe.writer(), F_SETPIPE_SZ, 4096);
  while (writer.lost() < 3) writer.write(std::string(999, 'x') + '\n');
}

TEST(LineWriter, WritesLinesInOrder) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), plenty);
  for (const char* line : {"one\n", "two\n", "three\n"}) writer.write(line);
  EXPECT_TRUE(writer.flush(patience));
  EXPECT_EQ(pipe.read_until("three\n"), "one\ntwo\nthree\n");
  EXPECT_EQ(writer.lost(), 0);
}

TEST(LineWriter, DropsLinesInsteadOfBlocking) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), 64 * 1024);
  overfill(writer, pipe);
  EXPECT_FALSE(writer.flush(10ms));
  EXPECT_FALSE(writer.flush(std::chrono::hours(1))) << "the writer has given up";
}

TEST(LineWriter, ReportsTheNumberOfDroppedLines) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), 64 * 1024,
                    [](std::uint64_t lost) { return std::to_string(lost) + " lines lost\n"; });
  overfill(writer, pipe);
  EXPECT_THAT(pipe.read_until(" lines lost\n"), testing::ContainsRegex("x\n[0-9]+ lines lost\n$"))
      << "the report does not split a line";
  writer.write("after it\n");
  EXPECT_THAT(pipe.read_until("after it\n"), EndsWith("after it\n"));
}

TEST(LineWriter, DropsLinesToAClosedPipe) {
  Pipe pipe;
  pipe.close_reader();
  LineWriter writer(pipe.writer(), plenty);
  writer.write("dropped\n");
  EXPECT_TRUE(writer.flush(patience)) << "SIGPIPE does not end the process";
  EXPECT_EQ(writer.lost(), 1);
}

TEST(LineWriter, DropsLinesOnAFullDisk) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  LineWriter writer(full, plenty, [](std::uint64_t /*lost*/) { return "never written\n"; });
  writer.write("one\n");
  writer.write("two\n");
  EXPECT_TRUE(writer.flush(patience));
  EXPECT_EQ(writer.lost(), 2);
}

TEST(LineWriter, WaitsForANonBlockingDescriptor) {
  Pipe pipe(O_NONBLOCK);
  ::fcntl(pipe.writer(), F_SETPIPE_SZ, 4096);
  LineWriter writer(pipe.writer(), plenty);
  writer.write(std::string(100'000, 'x') + "\n");
  EXPECT_EQ(pipe.read_until("\n").size(), 100'001);
  EXPECT_EQ(writer.lost(), 0);
}

TEST(LineWriter, RunsACallAtItsTime) {
  Pipe pipe;
  LineWriter writer(pipe.writer(), plenty);
  writer.write("begin\n");
  writer.call_at(LineWriter::SteadyClock::now() + 1ms, [&writer] { writer.write("called\n"); });
  EXPECT_EQ(pipe.read_until("called\n"), "begin\ncalled\n");
}

}  // namespace
}  // namespace coroom::detail::log
