"""The words of the guide. It is a paper for offices, hence in Vietnamese; names between “ ” are those of the screens.

Pictures lie under static/img/guide, made by `python -m tests.guide_pictures`.
"""

from __future__ import annotations

from dataclasses import dataclass

from archiveportal.accounts.models import Role


@dataclass(frozen=True)
class ScreenPicture:
    """A page of the portal as the role sees it. `user` is the demo account that it is taken with."""

    name: str
    user: str
    address: str
    caption: str
    width: int = 390
    height: int = 620

    @property
    def file(self) -> str:
        return f"img/guide/{self.name}.webp"

    @property
    def is_wide(self) -> bool:
        """A picture of a desktop stands below the steps, one of a telephone beside them."""
        return self.width > self.height


@dataclass(frozen=True)
class GuidePage:
    """One page: what is done in which order, and a picture of where it begins."""

    title: str
    steps: tuple[str, ...]
    picture: ScreenPicture


SIGN_IN = (
    "Đăng nhập bằng tên đăng nhập và mật khẩu được cấp. Lần đầu, cổng yêu cầu đặt mật khẩu mới; mật khẩu là của riêng "
    "từng người, không dùng chung trong phòng."
)
FORGOTTEN = (
    "Quên mật khẩu: ở trang đăng nhập chọn “Quên mật khẩu”, đường dẫn đặt lại được gửi về thư điện tử của tài khoản. "
    "Tài khoản chưa có thư điện tử thì liên hệ quản trị viên."
)
ON_A_DEVICE = (
    "Trước khi đi kiểm tra, mở “Việc của tôi” và bấm “Tải phiếu về máy”. Nơi không có mạng vẫn nhập phiếu, lập biên "
    "bản và chụp ảnh được; máy tự gửi khi có mạng trở lại. Chưa gửi xong thì không đăng xuất."
)
WORK = ScreenPicture("kiem-tra-viec", "kiemtra", "/", "Trang “Việc của tôi” của công chức kiểm tra")
APPROVALS = ScreenPicture("phe-duyet-viec", "lanhdaochicuc", "/", "Trang “Việc của tôi” của người phê duyệt")
WHOLE_ROUND = ScreenPicture(
    "phe-duyet-toan-dot",
    "lanhdaochicuc",
    "/dot-kiem-tra/gd1-2019/ca-dot/",
    "Trang “Toàn đợt”: tiến độ và đơn vị chưa nộp",
    1024,
    700,
)

GUIDES: dict[str, tuple[GuidePage, GuidePage]] = {
    Role.INSPECTOR: (
        GuidePage(
            "Trước và trong buổi kiểm tra",
            (
                SIGN_IN,
                "“Việc của tôi” liệt kê phiếu phải làm: phiếu bị trả lại, phiếu hôm nay, phiếu các ngày tới.",
                ON_A_DEVICE,
                "Mở phiếu và chọn kết quả cho từng tiêu chí. Mỗi lần chọn được lưu ngay; dòng trạng thái cho biết đã "
                "lưu hay còn chờ mạng. Tiêu chí đã trả lời thu gọn lại, bấm vào số tiêu chí để sửa.",
                "Bấm “Chụp ảnh” tại tiêu chí để gửi minh chứng. Ảnh được thu nhỏ trên máy rồi gửi sau các câu trả lời.",
                "Chưa rõ cách chấm: mở “Hướng dẫn” ngay tại tiêu chí.",
            ),
            WORK,
        ),
        GuidePage(
            "Biên bản, kiến nghị và trình duyệt",
            (
                "Tiêu chí chưa đạt: ghi kiến nghị tại tiêu chí. Cổng đề xuất sẵn câu kiến nghị, có thể sửa; chọn thời "
                "hạn hoàn thành.",
                "Bấm “Lập biên bản”: ghi giờ, địa điểm, thành phần, ý kiến của đơn vị. Ô để trống được in thành dấu "
                "chấm để ghi tay.",
                "Bấm “Tệp Word” hoặc “In”, ký tại chỗ, rồi “Ghi nhận đã ký” và đính kèm bản chụp. Từ lúc này kết quả "
                "chỉ thay đổi bằng “Biên bản bổ sung”.",
                "Về phiếu, bấm “Trình duyệt”. Phiếu còn thiếu nội dung thì cổng nêu rõ thiếu ở tiêu chí nào.",
                "Phiếu bị trả lại nằm đầu “Việc của tôi”, kèm lý do.",
                FORGOTTEN,
            ),
            ScreenPicture("kiem-tra-phieu", "kiemtra", "/phieu/{checklist}/", "Phiếu kiểm tra trên điện thoại"),
        ),
    ),
    Role.APPROVER: (
        GuidePage(
            "Duyệt phiếu",
            (
                SIGN_IN,
                "“Phiếu chờ phê duyệt” ở trang đầu nêu những điểm cần xem trước của từng phiếu.",
                "Mở phiếu, xem kết quả, minh chứng và biên bản đã ký, rồi “Phê duyệt” hoặc “Trả lại để bổ sung” kèm lý "
                "do. Người đã nhập hoặc trình phiếu không phê duyệt chính phiếu đó.",
                "Khi vắng mặt, dùng “Phân công thay” để người khác quyết định trong thời gian đó.",
                "Kiến nghị đến hạn và quá hạn nằm ở “Kiến nghị”; tại đó có thể gia hạn, nhận xét và kết thúc.",
                FORGOTTEN,
            ),
            APPROVALS,
        ),
        GuidePage(
            "Chuẩn bị, theo dõi và kết thúc đợt",
            (
                "“Đợt kiểm tra” → “Lập đợt kiểm tra”: chọn bộ tiêu chí, thời gian, đơn vị; lập đoàn và lịch. “Còn phải "
                "làm” cho biết đợt còn thiếu gì trước khi mở.",
                "“Toàn đợt” cho biết mỗi đơn vị đang ở bước nào, đơn vị nào chưa nộp; tải danh sách bằng Word hoặc "
                "Excel.",
                "Câu mẫu và “Câu kiến nghị” của bộ tiêu chí sửa được ở “Bộ tiêu chí”, kể cả khi bộ đang dùng.",
                "Hết đợt: xem “Bảng tổng hợp” và “Biểu đồ”, soạn lời văn ở “Báo cáo”, sau đó “Chốt số liệu”. Số liệu "
                "đã chốt không thay đổi; mọi khác biệt về sau được nêu rõ.",
                "Mọi thay đổi đều được ghi lại: ai, lúc nào, trước và sau.",
            ),
            WHOLE_ROUND,
        ),
    ),
    Role.DISTRICT: (
        GuidePage(
            "Việc của phòng Nội vụ",
            (
                SIGN_IN,
                "“Việc của tôi” nêu phiếu tự kiểm tra phải nộp và kiến nghị đến hạn của các đơn vị trên địa bàn.",
                "Tự kiểm tra: mở phiếu của đơn vị, chọn kết quả từng tiêu chí, giải trình khi chưa đạt, rồi “Nộp kết "
                "quả”. Nội dung đang nhập được giữ trên máy nếu mất mạng.",
                "Kết quả tự kiểm tra không tính điểm; Đoàn kiểm tra dùng để đối chiếu.",
                FORGOTTEN,
            ),
            ScreenPicture("quan-viec", "quan10", "/", "Trang “Việc của tôi” của phòng Nội vụ"),
        ),
        GuidePage(
            "Kiến nghị và kết quả",
            (
                "Mở “Kiến nghị”, chọn một kiến nghị và trả lời: đã làm gì, kèm ảnh hoặc văn bản.",
                "Người kiểm tra nhận xét; kiến nghị chưa đạt thì trả lời lại.",
                "Kết quả đã phê duyệt xem ở “Đợt kiểm tra” → “Bảng tổng hợp”, chỉ gồm các đơn vị trên địa bàn.",
                "Trang của từng đơn vị có kết quả qua các đợt; danh sách tải được bằng Excel.",
                "Người phụ trách và điện thoại của đơn vị: “Đơn vị” → “Danh bạ”.",
            ),
            ScreenPicture("quan-kien-nghi", "quan10", "/kien-nghi/", "Trang “Kiến nghị”"),
        ),
    ),
    Role.WARD: (
        GuidePage(
            "Việc của đơn vị",
            (
                SIGN_IN,
                "“Việc của tôi” nêu phiếu tự kiểm tra phải nộp, ngày Đoàn kiểm tra đến và kiến nghị phải thực hiện.",
                "Tự kiểm tra: chọn kết quả từng tiêu chí, giải trình khi chưa đạt, rồi “Nộp kết quả”. Chưa nộp được "
                "thì cổng nêu rõ còn thiếu gì.",
                "Chuẩn bị buổi kiểm tra: xem danh mục tiêu chí, để sẵn văn bản, sổ sách và kho lưu trữ.",
                FORGOTTEN,
            ),
            ScreenPicture("xa-viec", "thanhan", "/", "Trang “Việc của tôi” của đơn vị"),
        ),
        GuidePage(
            "Thực hiện kiến nghị",
            (
                "Kiến nghị hiện ra khi phiếu được phê duyệt, kèm thời hạn.",
                "Làm xong, mở kiến nghị và trả lời: đã làm gì, kèm ảnh hoặc văn bản. Ảnh chụp bằng điện thoại gửi được "
                "ngay; trang nêu tên những tệp phải chọn lại nếu phiên làm việc hết hạn.",
                "Người kiểm tra nhận xét; kiến nghị chưa đạt thì trả lời lại.",
                "Trang của đơn vị có kết quả qua các đợt, kể cả của các đơn vị đã nhập vào.",
                "Không gửi lên cổng tài liệu mật và thông tin cá nhân không cần thiết.",
            ),
            ScreenPicture("xa-kien-nghi", "thanhan", "/kien-nghi/", "Trang “Kiến nghị” của đơn vị"),
        ),
    ),
    Role.UNIT_LEADER: (
        GuidePage(
            "Xác nhận kết quả tự kiểm tra",
            (
                SIGN_IN,
                "“Việc của tôi” nêu phiếu tự kiểm tra đang chờ xác nhận, ngày Đoàn kiểm tra đến và kiến nghị phải "
                "thực hiện.",
                "Mở phiếu, xem từng câu trả lời, giải trình và minh chứng, rồi xác nhận. Người đã tự chấm không xác "
                "nhận phiếu đó; lãnh đạo chưa có tài khoản thì ký bản giấy và đơn vị đính kèm bản đã ký.",
                "Chưa đồng ý: trả lại cho người tự chấm kèm lý do, khi Đoàn chưa bắt đầu kiểm tra.",
                FORGOTTEN,
            ),
            ScreenPicture(
                "lanh-dao-don-vi-xac-nhan",
                "ldthanhan",
                "/tu-kiem-tra/{self_assessment}/",
                "Phiếu tự kiểm tra chờ xác nhận",
            ),
        ),
        GuidePage(
            "Kết quả và kiến nghị của đơn vị",
            (
                "Phiếu được Đoàn kiểm tra duyệt thì kết quả và kiến nghị hiện ra, kèm thời hạn.",
                "Công chức văn thư, lưu trữ của đơn vị trả lời kiến nghị; lãnh đạo xem được câu trả lời và nhận xét.",
                "Đơn vị tự kiểm tra, báo cáo: kết quả được tính sau khi cơ quan kiểm tra đọc, chấp nhận, và "
                "luôn được ghi rõ là theo báo cáo của đơn vị.",
                "Trang của đơn vị có kết quả qua các đợt, kể cả của các đơn vị đã nhập vào.",
            ),
            ScreenPicture("lanh-dao-don-vi-viec", "ldthanhan", "/", "Trang “Việc của tôi” của lãnh đạo đơn vị"),
        ),
    ),
    Role.LEADERSHIP: (
        GuidePage(
            "Xem nhanh",
            (
                SIGN_IN,
                "Trang đầu nêu đợt đang mở, số phiếu đã phê duyệt và báo cáo mới nhất.",
                "“Biểu đồ” là toàn cảnh của một đợt trên một màn hình; bấm vào một hình để xem các đơn vị đằng sau.",
                "Mỗi biểu đồ tải được thành ảnh để đưa vào bài trình chiếu.",
                FORGOTTEN,
            ),
            ScreenPicture(
                "lanh-dao-bieu-do",
                "lanhdaoso",
                "/bao-cao/toan-canh/gd1-2019/",
                "Trang “Biểu đồ” của một đợt kiểm tra",
                1366,
                768,
            ),
        ),
        GuidePage(
            "Báo cáo và số liệu",
            (
                "“Báo cáo” có báo cáo bằng Word và các biểu bằng Excel của từng đợt và từng đề án đào tạo.",
                "Số liệu in trong báo cáo đã phát hành được giữ nguyên; chỗ nào khác với hồ sơ hiện nay đều được nêu "
                "rõ.",
                "“Bảng tổng hợp” lọc được theo loại, địa bàn, mức hoàn thành; danh sách tải về đúng như đang lọc.",
                "“Đào tạo, bồi dưỡng” so sánh kết quả với chỉ tiêu.",
            ),
            ScreenPicture("lanh-dao-bao-cao", "lanhdaoso", "/bao-cao/", "Trang “Báo cáo”", 1024, 700),
        ),
    ),
    Role.ADMINISTRATOR: (
        GuidePage(
            "Tài khoản",
            (
                SIGN_IN,
                "“Tài khoản” → thêm từng người, hoặc “Nhập tài khoản từ bảng” cho nhiều người; bảng được xem trước rồi "
                "mới ghi.",
                "Người mới nhận đường dẫn có thời hạn hoặc phiếu mật khẩu ban đầu (“Phiếu mật khẩu ban đầu”).",
                "Người chuyển việc: “Bàn giao”; tài khoản cũ ngừng dùng, việc đang làm chuyển sang người mới.",
                "Nhiều lần sai mật khẩu thì tài khoản tạm khóa rồi tự mở lại.",
            ),
            ScreenPicture("quan-tri-tai-khoan", "quantri", "/tai-khoan/", "Trang “Tài khoản”", 1024, 700),
        ),
        GuidePage(
            "Đơn vị và vận hành",
            (
                "“Đơn vị”: thêm, sửa, ghi việc nhập, tách, đổi tên; “Nhập đơn vị từ bảng” nhận danh mục của ngày bất "
                "kỳ.",
                "“Nhóm đơn vị” chia đơn vị theo khu vực, cụm để phân công và tổng hợp.",
                "“Tệp đã rút khỏi hồ sơ”: tệp gửi nhầm được rút khỏi hồ sơ; xóa hẳn cần hai người.",
                "Sao lưu, khôi phục và kiểm tra máy chủ: theo tài liệu quản trị kèm phần mềm.",
                FORGOTTEN,
            ),
            ScreenPicture("quan-tri-viec", "quantri", "/", "Trang “Việc của tôi” của quản trị viên", 1024, 700),
        ),
    ),
}
