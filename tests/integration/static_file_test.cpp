// Static files over a socket: ranges, large files and media types.
#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/temporary.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/static_file_handler.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace coroom::test {
namespace {

using namespace testkit;

constexpr std::size_t large = 5 * 1024 * 1024 + 17;

std::string pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t index = 0; index != size; ++index) bytes[index] = static_cast<char>('a' + index % 23);
  return bytes;
}

class TypedFiles final : public StaticFileHandler {
 public:
  using StaticFileHandler::StaticFileHandler;

 protected:
  [[nodiscard]] std::string content_type(std::string_view path) const override {
    return path.ends_with(".note") ? "text/x-note" : StaticFileHandler::content_type(path);
  }
};

class StaticFile : public testing::Test {
 protected:
  StaticFile() {
    folder_.write("small.txt", "0123456789");
    folder_.write("large.bin", pattern(large));
    folder_.write("a.note", "note");
    const auto files = std::make_shared<const FolderAssets>(*FolderAssets::check(folder_.path()));
    application_ = std::make_unique<RunningApplication>(
        std::vector<Route>{route<StaticFileHandler>("/one/(.*)", std::shared_ptr<const AssetSource>(files)),
                           route<StaticFileHandler>("/two(/.*)", std::shared_ptr<const AssetSource>(files)),
                           route<TypedFiles>("/typed/(.*)", std::shared_ptr<const AssetSource>(files))});
  }

  [[nodiscard]] RawResponse of(const std::string& target, const std::string& fields = "") const {
    return get(application_->port(), target, fields);
  }

  TemporaryFolder folder_;
  std::unique_ptr<RunningApplication> application_;
};

TEST_F(StaticFile, IsFoundWithAndWithoutSlash) {
  EXPECT_EQ(of("/one/small.txt").body, "0123456789");
  EXPECT_EQ(of("/two/small.txt").body, "0123456789");
  EXPECT_EQ(of("/one/none.txt").status, 404);
}

TEST_F(StaticFile, HasMediaTypeOfProgram) {
  EXPECT_EQ(of("/typed/a.note").field("Content-Type"), "text/x-note");
  EXPECT_EQ(of("/typed/small.txt").field("Content-Type"), "text/plain; charset=utf-8");
}

TEST_F(StaticFile, IsSentInRanges) {
  const RawResponse part = of("/one/small.txt", "Range: bytes=2-4\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  EXPECT_EQ(part.field("Content-Range"), "bytes 2-4/10");
  const RawResponse behind = of("/one/small.txt", "Range: bytes=10-\r\n");
  EXPECT_EQ(behind.status, 416);
  EXPECT_EQ(behind.field("Content-Range"), "bytes */10");
  EXPECT_EQ(of("/one/small.txt").field("Accept-Ranges"), "bytes");
}

TEST_F(StaticFile, IsSentWholeIfRangeIsOfOtherVersion) {
  const RawResponse whole = of("/one/small.txt");
  const std::string etag = whole.field("ETag").value();
  const std::string date = whole.field("Last-Modified").value();
  EXPECT_EQ(of("/one/small.txt", "Range: bytes=2-4\r\nIf-Range: " + etag + "\r\n").status, 206);
  EXPECT_EQ(of("/one/small.txt", "Range: bytes=2-4\r\nIf-Range: " + date + "\r\n").status, 206);
  const RawResponse other = of("/one/small.txt", "Range: bytes=2-4\r\nIf-Range: \"another\"\r\n");
  EXPECT_EQ(other.status, 200);
  EXPECT_EQ(other.body, "0123456789");
}

TEST_F(StaticFile, IsNotSentForCurrentEtag) {
  const RawResponse whole = of("/one/large.bin");
  for (const auto& field : {"If-None-Match: " + whole.field("ETag").value(),
                            "If-Modified-Since: " + whole.field("Last-Modified").value()})
    EXPECT_EQ(of("/one/large.bin", field + "\r\n").status, 304) << field;
}

TEST_F(StaticFile, IsSentInPiecesIfLarge) {
  const RawResponse whole = of("/one/large.bin");
  EXPECT_EQ(whole.status, 200);
  EXPECT_TRUE(whole.body == pattern(large)) << whole.body.size();
  const RawResponse part = of("/one/large.bin", "Range: bytes=1000000-2999999\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_TRUE(part.body == pattern(large).substr(1'000'000, 2'000'000)) << part.body.size();
  TcpClient client(application_->port());
  client.send(RequestBuilder("HEAD", "/one/large.bin"));
  EXPECT_EQ(read_response(client, true).field("Content-Length"), std::to_string(large));
  client.send(RequestBuilder("GET", "/one/small.txt"));
  EXPECT_EQ(read_response(client).body, "0123456789");
}

TEST_F(StaticFile, ClosesConnectionIfItShrinks) {
  TcpClient::TcpOptions slow;
  slow.receive_buffer = 4096;
  folder_.write("shrinks.bin", std::string(64 * 1024 * 1024, 'x'));
  TcpClient client(application_->port(), slow);
  client.send(RequestBuilder("GET", "/one/shrinks.bin"));
  client.read_until("\r\n\r\n");
  std::filesystem::resize_file(folder_.path() / "shrinks.bin", 1024 * 1024);
  EXPECT_LT(client.read_to_end().size(), 64 * 1024 * 1024);
  EXPECT_EQ(of("/one/small.txt").status, 200);
}

}  // namespace
}  // namespace coroom::test
