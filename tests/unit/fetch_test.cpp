#include "http/fetch.hpp"

#include "support/certificate.hpp"
#include "support/document_server.hpp"
#include "support/temporary.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <string>

namespace coroom::detail::http {
namespace {

using namespace std::chrono_literals;
using test::DocumentServer;
using testing::HasSubstr;

FetchLimits limits(std::chrono::milliseconds time) {
  FetchLimits limits;
  limits.time = time;
  return limits;
}

Result<FetchedDocument> fetched(const std::string& url, FetchLimits limits = {}) {
  boost::asio::io_context context;
  Result<FetchedDocument> result = failure("the fetch did not end");
  boost::asio::co_spawn(context, fetch(parse_fetch_target(url).value(), limits),
                        [&](const std::exception_ptr& thrown, Result<FetchedDocument> document) {
                          EXPECT_FALSE(thrown);
                          result = std::move(document);
                        });
  context.run();
  return result;
}

std::string error_of(const std::string& url, FetchLimits limits = {}) {
  const auto result = fetched(url, limits);
  return result ? "fetched: " + result->body : result.error().message;
}

std::string error_of_response(const std::string& response) {
  const DocumentServer server(DocumentServer::bytes(response));
  return error_of(server.url());
}

TEST(Fetch, ReturnsADocument) {
  DocumentServer server(DocumentServer::document("{}", "Cache-Control: max-age=60\r\n"));
  const auto document = fetched(server.url());
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->body, "{}");
  EXPECT_EQ(document->cache_control, "max-age=60");
  EXPECT_THAT(server.last_request(), testing::StartsWith("GET /keys?x=1 HTTP/1.1\r\n"));
  EXPECT_THAT(server.last_request(), HasSubstr("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
}

TEST(Fetch, ReturnsDocumentsOfAnyFraming) {
  const DocumentServer chunked(DocumentServer::bytes(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"));
  EXPECT_EQ(error_of(chunked.url()), "fetched: {}");
  const DocumentServer to_the_end(DocumentServer::bytes("HTTP/1.0 200 OK\r\n\r\n{}"));
  EXPECT_EQ(error_of(to_the_end.url()), "fetched: {}");
}

TEST(Fetch, ResolvesHostNames) {
  const DocumentServer server(DocumentServer::document("{}"));
  EXPECT_EQ(error_of(server.url("localhost")), "fetched: {}");
}

TEST(Fetch, FollowsNoRedirect) {
  DocumentServer other(DocumentServer::document("{}"));
  EXPECT_EQ(
      error_of_response("HTTP/1.1 302 Found\r\nLocation: " + other.url() + "\r\nContent-Length: 0\r\n\r\n"),
      "the server answered 302 instead of 200");
  EXPECT_EQ(other.requests(), 0);
}

TEST(Fetch, AcceptsOnlyStatus200) {
  for (const char* status : {"204 No Content", "206 Partial Content", "404 Not Found", "500 Oops"})
    EXPECT_THAT(error_of_response("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 2\r\n\r\n{}"),
                HasSubstr("instead of 200"))
        << status;
}

TEST(Fetch, RejectsTextThatIsNotHttp) {
  EXPECT_THAT(error_of_response("SSH-2.0-OpenSSH_9.2\r\n"), HasSubstr("the response failed"));
  EXPECT_THAT(error_of_response(""), HasSubstr("the response failed"));
  EXPECT_THAT(error_of_response("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
              HasSubstr("the response failed"));
  EXPECT_THAT(error_of_response("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n{}"),
              HasSubstr("the response failed"));
}

TEST(Fetch, RejectsALongDocumentByItsLength) {
  EXPECT_EQ(error_of_response("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n{}"),
            "the document is longer than 1048576 bytes");
}

TEST(Fetch, RejectsADocumentWithoutEnd) {
  for (const std::string framing : {"Transfer-Encoding: chunked\r\n", ""}) {
    const DocumentServer server([&](DocumentServer::Visitor& visitor) {
      const std::string letters(4096, 'x');
      const std::string piece = framing.empty() ? letters : "1000\r\n" + letters + "\r\n";
      visitor.write("HTTP/1.1 200 OK\r\n" + framing + "\r\n");
      while (visitor.write(piece)) {
      }
    });
    EXPECT_EQ(error_of(server.url()), "the document is longer than 1048576 bytes") << framing;
  }
}

TEST(Fetch, AcceptsADocumentOfTheLimit) {
  const DocumentServer server(DocumentServer::document(std::string(1024 * 1024, 'x')));
  EXPECT_EQ(fetched(server.url())->body.size(), 1024 * 1024);
}

TEST(Fetch, EndsAtItsDeadline) {
  const DocumentServer silent([](DocumentServer::Visitor& visitor) { visitor.wait_for_end(); });
  EXPECT_EQ(error_of(silent.url(), limits(50ms)), "no answer within 50 ms");
  const DocumentServer slow([](DocumentServer::Visitor& visitor) {
    visitor.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{");
    visitor.wait_for_end();
  });
  EXPECT_EQ(error_of(slow.url(), limits(50ms)), "no answer within 50 ms");
}

TEST(Fetch, EndsAtItsDeadlineInAHandshake) {
  const DocumentServer silent([](DocumentServer::Visitor& visitor) { visitor.wait_for_end(); });
  EXPECT_EQ(error_of("https://127.0.0.1:" + std::to_string(silent.port()), limits(50ms)),
            "no answer within 50 ms");
}

TEST(Fetch, FailsIfNothingListens) {
  std::string url;
  {
    const DocumentServer server(DocumentServer::document("{}"));
    url = server.url();
  }
  EXPECT_THAT(error_of(url), HasSubstr("cannot connect: "));
}

TEST(Fetch, FailsForAnUnknownHost) {
  EXPECT_THAT(error_of("https://nowhere.invalid/keys"), HasSubstr("cannot resolve the host"));
}

TEST(Fetch, TrustsCertificatesOfTheSystem) {
  const std::string pem = test::make_certificate("localhost");
  const DocumentServer server(DocumentServer::document("{}"), pem);
  EXPECT_THAT(error_of(server.url("localhost")), HasSubstr("the server's certificate is not trusted"));
  const test::TemporaryFolder folder;
  folder.write("ca.pem", pem);
  const std::string path = folder.path() / "ca.pem";
  const test::Variable trusted("SSL_CERT_FILE", path.c_str());
  EXPECT_EQ(error_of(server.url("localhost")), "fetched: {}");
  EXPECT_THAT(error_of(server.url("127.0.0.1")), HasSubstr("the server's certificate is not trusted"))
      << "of another name";
}

}  // namespace
}  // namespace coroom::detail::http
