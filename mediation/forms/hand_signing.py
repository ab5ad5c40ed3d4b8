"""What comes from the page where a party signs on the screen."""

import base64
import binascii

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from zhongzhi.web.forms import StyledForm

HEAD = "data:image/png;base64,"
LONGEST = 600_000


class HandForm(StyledForm):
    """The code of the text message, and the drawing as the page sends it."""

    code = forms.CharField(label="短信验证码", max_length=6, min_length=6)
    drawing = forms.CharField(
        max_length=LONGEST, widget=forms.HiddenInput, error_messages={"required": "请在框内手写签名。"}
    )

    def clean_drawing(self) -> SimpleUploadedFile:
        """The picture; whether it is one is looked at where it is kept."""
        text = self.cleaned_data["drawing"]
        try:
            content = base64.b64decode(text.removeprefix(HEAD), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not text.startswith(HEAD) or not content:
            raise forms.ValidationError("签名没有传上来，请重新手写。")
        return SimpleUploadedFile("签名.png", content)
